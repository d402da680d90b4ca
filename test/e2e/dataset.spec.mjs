// Datasets as a user meets them: what is wrong shown at its place, fields mapped by keys, annotations inside the records, tables joined; light and dark.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { copyWorkspace, openWorkbench, startServer } from './harness.mjs';

const gout = 'Synthetic: 50-year-old man with an acute flare of gout. No other disease.';

const files = {
  'bad.jsonl': `{"id": 1, "text": "${gout}"}\n{"id": 2, "text": "Synthetic: asthma." "label": "salbutamol"}\n{"id": 1, "text": "Synthetic: migraine."}\n{"id": 3, "note": 5}\n`,
  'bad.csv': `id,text,label\n1,"${gout}",colchicine\n2,Synthetic: asthma.,salbutamol,more\n1,Synthetic: migraine.,sumatriptan\n`,
  'broken.json': `[\n  { "id": "a", "text": "${gout}" },\n  { "id": "b", "text": "Synthetic: asthma.", "label": },\n  { "id": "a", "text": "Synthetic: migraine." }\n]\n`,
  'own.csv': `nr;befund;mittel\n7;"${gout}";Colchicin\n8;"Synthetic: asthma, mild.";Salbutamol\n`,
  'inside.jsonl': `{"id": "G-1", "n": 1.0, "text": "${gout}"}\n{"id": "A-1",  "text": "Synthetic: asthma, mild."}\n`,
  'inside.csv': `id,text\nG-1,"${gout}"\nA-1,"Synthetic: asthma, mild."\n`,
};

// Synthetic tables in the shape of MIMIC-III; no person and no value is real.
const tables = {
  ADMISSIONS: 'ROW_ID,SUBJECT_ID,HADM_ID,ADMITTIME,ADMISSION_TYPE,DIAGNOSIS\n1,10,100,2150-03-01 10:00:00,EMERGENCY,SYNTHETIC GOUT FLARE\n2,11,101,2160-01-01 00:00:00,ELECTIVE,\n3,12,102,2160-01-01 00:00:00,ELECTIVE,\n',
  PATIENTS: 'ROW_ID,SUBJECT_ID,GENDER,DOB\n1,10,M,2100-04-01 00:00:00\n2,11,F,2110-01-01 00:00:00\n',
  DIAGNOSES_ICD: 'ROW_ID,SUBJECT_ID,HADM_ID,SEQ_NUM,ICD9_CODE\n1,10,100,1,2749\n2,11,101,1,49390\n',
  D_ICD_DIAGNOSES: 'ROW_ID,ICD9_CODE,SHORT_TITLE,LONG_TITLE\n1,2749,Gout NOS,"Gout, unspecified"\n2,49390,Asthma NOS,"Asthma, unspecified type"\n',
  PRESCRIPTIONS: 'ROW_ID,HADM_ID,DRUG_TYPE,DRUG\n1,100,MAIN,Colchicine\n2,101,MAIN,Albuterol\n',
};

for (const theme of ['light', 'dark']) {
  describe(`datasets, ${theme}`, function () {
    this.timeout(120_000);
    let server;
    let workspace;
    let window;

    before(async () => {
      workspace = copyWorkspace();
      mkdirSync(workspace.file('mimic'));
      for (const [name, text] of Object.entries(files)) { writeFileSync(workspace.file(name), text); }
      for (const [name, text] of Object.entries(tables)) { writeFileSync(workspace.file(`mimic/${name}.csv`), text); }
      server = await startServer({ theme, settings: { 'kedrec.reviewer': 'A. Reviewer', 'kedrec.annotations.storage': 'file' } });
      window = await openWorkbench(server, { folder: workspace.folder, viewport: { width: 1500, height: 950 } });
    });
    after(async () => {
      await window?.close();
      await server?.stop();
      workspace?.remove();
    });
    afterEach(async function () { if (this.currentTest?.state === 'failed') { await window?.screenshot(`failed-dataset-${theme}-${this.currentTest.title.slice(0, 30).replace(/\W+/g, '-')}`); } });

    const until = async (condition, what) => { for (const end = Date.now() + 30_000; ; await window.page.waitForTimeout(100)) { const value = await condition(); if (value) { return value; } assert.ok(Date.now() < end, `waited for ${what}`); } };
    const input = () => window.quick.locator('input').first();
    /** What KEDRec says of a file in the Problems panel; VS Code has its own words for JSON files. */
    const problemsOf = async name => {
      const rows = (await window.page.locator('.markers-panel .monaco-list-row').allInnerTexts()).map(text => text.replace(/\s+/g, ' ').trim());
      const first = rows.findIndex(row => row.startsWith(name)) + 1;
      const count = rows.slice(first).findIndex(row => !row.includes('[Ln '));
      return first === 0 ? [] : rows.slice(first, count < 0 ? undefined : first + count).filter(row => row.includes('KEDRec'));
    };
    const marks = () => window.page.locator('.editor-group-container.active .monaco-editor .lines-content .squiggly-error, .editor-group-container.active .monaco-editor .lines-content .squiggly-warning').count();
    const generated = () => window.page.evaluate(() => [...document.querySelectorAll('.editor-group-container.active .view-line span')]
      .flatMap(element => [document.defaultView.getComputedStyle(element, '::before').content, document.defaultView.getComputedStyle(element, '::after').content]).join(' ').replace(/\u00a0/g, ' '));
    const text = async () => (await window.editorText()).replaceAll('\r\n', '\n');
    const press = keys => window.page.keyboard.press(keys);

    for (const [name, wanted] of [
      ['bad.jsonl', [/a comma is missing.*\[Ln 2, Col 40\]/, /same id.*\[Ln 3, Col \d+\]/, /\[Ln 4, Col 19\]/]],
      ['bad.csv', [/\[Ln 3, Col \d+\]/, /same id.*\[Ln 4, Col \d+\]/]],
      ['broken.json', [/a value is missing.*\[Ln 3, Col 55\]/, /same id.*\[Ln 4, Col \d+\]/]],
    ]) {
      it(`shows what is wrong in ${name} in the Problems panel and at its place`, async () => {
        await window.open(name);
        await window.command('Problems: Focus on Problems View');
        const rows = await until(async () => { const all = await problemsOf(name); return all.length >= wanted.length ? all : undefined; }, 'the problems');
        for (const pattern of wanted) { assert.ok(rows.some(row => pattern.test(row)), `${pattern} in ${rows.join(' | ')}`); }
        assert.equal(rows.length, wanted.length, rows.join(' | '));
        await until(async () => await marks() >= wanted.length, 'the marks in the text');
        await window.screenshot(`dataset-${theme}-${name.replace('.', '-')}`);
      });
    }

    it('goes from a problem to its place by a key', async () => {
      const row = window.page.locator('.markers-panel .monaco-list-row', { hasText: 'a comma is missing' }).first();
      await row.click();
      await press('Enter');
      await window.page.locator('.tab.active', { hasText: 'bad.jsonl' }).waitFor();
      assert.match(await window.statusBar('(7 selected)'), /Ln 2, Col 47/); // the field's name behind the missing comma
    });

    it('maps unknown fields by keys, then reads the record by them', async () => {
      await window.open('own.csv');
      await window.page.locator('.squiggly-warning').first().waitFor({ timeout: 20_000 });
      await window.command('KEDRec: Map Dataset Fields', { staysOpen: true });
      await until(async () => /\(1\/6\)/.test(await window.quick.innerText()), 'the first step');
      await window.page.keyboard.type('befund');
      await press('ArrowDown');
      await press('Space');
      await window.screenshot(`dataset-${theme}-map-text`);
      await press('Enter');
      for (const [step, field] of [[2, ''], [3, ''], [4, 'mittel'], [5, ''], [6, 'nr']]) {
        await until(async () => new RegExp(`\\(${step}/6\\)`).test(await window.quick.innerText()), `step ${step}`);
        if (field) { await window.page.keyboard.type(field); }
        if (step === 4) {
          await window.screenshot(`dataset-${theme}-map-label`);
          // Back, and what was chosen is still there.
          await window.quick.locator('.quick-input-left-action-bar .action-label').first().click();
          await until(async () => /\(3\/6\)/.test(await window.quick.innerText()), 'the step before');
          await press('Enter');
          await until(async () => /\(4\/6\)/.test(await window.quick.innerText()), 'the step again');
          await window.page.keyboard.type(field);
        }
        await press('Enter');
      }
      assert.match(await window.notification('Mapped for every file'), /case text: befund; label: mittel; id: nr/);
      await window.screenshot(`dataset-${theme}-mapped`);
      await window.clearNotifications();
      await until(async () => await marks() === 0, 'the warning to go');
      await window.goToLine(2, 5);
      await press('Control+Alt+R');
      const frame = await window.webview('footer');
      assert.match(await frame.locator('body').innerText(), /record 7/);
      await until(async () => /Recommend \w+ \u00b7 not reviewed/.test(await generated()), 'the decision at the record');
      await until(async () => /mittel;kedrec_decision/.test(await text()), 'the fields in the file');
      await window.page.waitForTimeout(1000);
      assert.equal(await marks(), 0, 'the mapping holds for the file with the written columns');
      await window.screenshot(`dataset-${theme}-mapped-record`);
    });

    for (const name of ['inside.jsonl', 'inside.csv']) {
      it(`writes into the record of ${name} when the setting says so; undo, redo and removal`, async () => {
        const original = files[name];
        await window.open(name);
        await window.goToLine(name.endsWith('csv') ? 2 : 1, 5);
        await press('Control+Alt+R');
        await until(async () => /kedrec_decision/.test(await text()), 'the fields in the file');
        const written = await text();
        assert.match(written, /A-1.*asthma, mild\."\}?\n$/, 'the other record is as it was');
        await until(async () => /not reviewed/.test(await generated()), 'the marks');
        await window.page.waitForTimeout(600);
        assert.ok(!/edited since/.test(await generated()), 'what KEDRec wrote is no edit of the case');
        await window.screenshot(`dataset-${theme}-${name.replace('.', '-')}-written`);
        await press('Control+Z');
        assert.equal(await text(), original, 'one undo');
        await window.page.waitForTimeout(600);
        assert.ok(!/edited since/.test(await generated()), 'undone');
        await press('Control+Y');
        assert.equal(await text(), written, 'redo');
        await window.goToLine(name.endsWith('csv') ? 2 : 1, 5);
        await window.command('KEDRec: Remove KEDRec Fields from File');
        await until(async () => await text() === original, 'the fields to go');
        await window.goToLine(name.endsWith('csv') ? 2 : 1, 5);
        await window.command('KEDRec: Write Annotations into File', { staysOpen: true });
        await until(async () => (await window.quickPickRows()).some(row => /This Record/.test(row)), 'the question');
        await window.screenshot(`dataset-${theme}-${name.replace('.', '-')}-ask`);
        await press('Enter');
        assert.match(await window.notification('written into'), /The annotation was written into inside\..*One undo/);
        assert.match(await text(), /kedrec_decision/);
        await window.screenshot(`dataset-${theme}-${name.replace('.', '-')}-told`);
        await window.clearNotifications();
        await window.command('KEDRec: Remove KEDRec Fields from File');
        await until(async () => await text() === original, 'the fields to go again');
        await press('Control+S');
        await until(() => readFileSync(workspace.file(name), 'utf8') === original, 'the file as it was, byte for byte');
      });
    }

    it('joins tables into a dataset', async () => {
      await window.command('KEDRec: Join Tables into Dataset', { staysOpen: true });
      await input().waitFor({ state: 'visible' });
      await until(async () => (await window.quickPickRows()).some(row => row.includes('mimic')), 'the folders');
      await input().fill(`${workspace.file('mimic')}/`);
      await until(async () => { const rows = await window.quickPickRows(); return rows.length === 1 && rows[0].includes('..'); }, 'the folder of the tables');
      await window.screenshot(`dataset-${theme}-join-folder`);
      await press('Enter');
      await until(async () => /mimic\.jsonl/.test(await input().inputValue()), 'the save dialog with a name');
      await window.screenshot(`dataset-${theme}-join-save`);
      await press('Enter');
      assert.match(await window.notification('joined by hadm_id'), /2 records of MIMIC joined by hadm_id; 1 stay without a diagnosis left out/);
      await window.screenshot(`dataset-${theme}-joined`);
      assert.ok(existsSync(workspace.file('mimic.jsonl')));
      await window.notificationButton('joined by hadm_id', 'Open');
      await window.page.locator('.tab.active', { hasText: 'mimic.jsonl' }).waitFor();
      const records = (await text()).trim().split('\n').map(line => JSON.parse(line));
      assert.deepEqual(records.map(({ id, disease, label }) => [id, disease, label]), [['100', 'Gout, unspecified', ['Colchicine']], ['101', 'Asthma, unspecified type', ['Albuterol']]]);
      await window.screenshot(`dataset-${theme}-joined-open`);
    });
  });
}
