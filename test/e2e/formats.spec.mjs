// Annotating and reviewing records of every format in the editor, kept beside the file and, by choice, in it; and a file that may not be changed.
import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { eventsIn, inWindow, marksOf, showSideBar, until, viewOf, workspaceSettings } from './reviewing.mjs';

const gout = 'Synthetic: 50-year-old man with an acute flare of gout.';
const asthma = 'Synthetic: mild asthma since childhood.';
const migraine = 'Synthetic: migraine without aura.';

// Where the first and second case stand, what of the file must stay as it is, and how the file is spelled on purpose.
const files = [
  { name: 'rows.csv', inside: true, lines: [2, 5], text: `\uFEFFid;befund;text\r\nG-1;1,50;"${gout}\r\nSecond line; with ""quotes""."\r\n\r\nA-1;007;"${asthma}"\r\nM-1;0;${migraine}\r\n`, kept: ['A-1;007;', `M-1;0;${migraine}\r\n`, '""quotes""'] },
  { name: 'list.json', lines: [2, 3], text: `[\n  { "id": "G-1", "n": 1.0,  "text": "${gout}" },\n  { "id": "A-1", "n": 2e0, "text": "${asthma}" },\n  {"id":"M-1","text":"${migraine}"}\n]\n`, kept: ['"n": 1.0,  "text"', '"n": 2e0', `  {"id":"M-1","text":"${migraine}"}\n]\n`] },
  { name: 'under-key.json', inside: true, lines: [4, 5], text: `{\r\n\t"version": 1.10,\r\n\t"records": [\r\n\t\t{ "id": "G-1", "text": "${gout}" },\r\n\t\t{ "id": "A-1", "text": "${asthma}" }\r\n\t],\r\n\t"rest": [1,2, 3]\r\n}\r\n`, kept: ['\t"version": 1.10,\r\n', '\t"rest": [1,2, 3]\r\n}\r\n'] },
  { name: 'cases.md', inside: true, lines: [1, 5], text: `# Case 1\n\n${gout}\n\n# Case 2\n\n${asthma}\n\n# Case 3\n\n${migraine}\n`, kept: ['# Case 2\n', `# Case 3\n\n${migraine}\n`], note: true },
  { name: 'cases.txt', lines: [1, 5], text: `Case 1\n${gout}\n\n\nCase 2\n${asthma}\n\n\nCase 3\n${migraine}\n`, kept: ['Case 2\n', `Case 3\n${migraine}\n`], note: true },
];

inWindow('formats', 'light', {
  viewport: { width: 1500, height: 950 },
  prepare: workspace => {
    mkdirSync(workspace.file('formats'));
    for (const { name, text } of files) { writeFileSync(workspace.file(`formats/${name}`), text); }
    workspaceSettings(workspace, { 'kedrec.annotations.storage': 'sidecar' });
  },
}, room => {
  const marks = marksOf(room);
  const press = async (...keys) => { for (const key of keys) { await room.window.page.keyboard.press(key); } };
  const onDisk = name => readFileSync(room.workspace.file(`formats/${name}`), 'utf8');
  const events = name => eventsIn(room.workspace.file(`formats/${name}.kedrec.jsonl`));
  const verdicts = name => events(name).filter(({ event }) => /^review/.test(event)).map(({ verdict, event }) => verdict ?? event);
  const save = async (name, wanted, what) => {
    await press('Control+S');
    await until(() => wanted(onDisk(name)), what, 20_000);
  };
  const recommend = async (name, line) => {
    const before = events(name).filter(({ event }) => event === 'annotated').length;
    await room.window.goToLine(line, 3);
    await press('Control+Alt+R');
    await until(() => events(name).filter(({ event }) => event === 'annotated').length > before, `the annotation of line ${line}`, 30_000);
    await until(async () => /Accept|accepted/.test(await marks.lenses()), 'the lenses', 20_000);
  };

  for (const { name, lines: [first, second], text, note } of files) {
    it(`${name}: recommend, next, accept, edit and undo, kept beside the file`, async () => {
      const { window } = room;
      await window.open(`formats/${name}`);
      await recommend(name, note ? second + 1 : second);
      await recommend(name, first);
      await until(async () => ((await marks.generated()).match(/not reviewed/g) ?? []).length === 2, 'two marks');
      await until(async () => (await viewOf(room, 'Annotations in File').rows()).length === 2, 'two annotations in the list', 10_000);
      await press('Control+Alt+Enter');
      await until(async () => await marks.line() === second, 'accepted, and the next one');
      await press('Control+K', 'Alt+E');
      const input = window.quick.locator('input').first();
      await input.waitFor();
      await press('End');
      await window.page.keyboard.type(' Mine.');
      await press('Enter');
      await until(() => verdicts(name).length === 2, 'the two reviews');
      assert.deepEqual(verdicts(name), ['accepted', 'edited']);
      await until(async () => /edited/.test(await marks.generated()), 'the mark');
      await window.screenshot(`formats-${name.replace('.', '-')}-beside`);
      await press('Control+K', 'Alt+Z');
      await until(() => verdicts(name).at(-1) === 'review-undone', 'the undo');
      await until(async () => /not reviewed/.test(await marks.generated()), 'the mark after it');
      await window.goToLine(first, 1);
      await press('Control+Alt+PageDown');
      await until(async () => await marks.line() === second, 'next without a review');
      assert.equal(onDisk(name), text, 'the file is as it was');
    });
  }

  it('says that the setting changed, and what is kept where', async () => {
    const { window } = room;
    const { name } = files.at(-1);
    workspaceSettings(room.workspace, { 'kedrec.annotations.storage': 'file' });
    assert.match(await window.notification(`New annotations of ${name}`), /are written into the file from now on\. The 2 annotations that are there already stand beside it/);
    await window.screenshot('formats-setting');
    await window.notificationButton(`New annotations of ${name}`, 'Write Them into the File');
    await window.notification(`2 annotations were written into ${name}`);
    await press('Control+Z');
  });

  for (const { name, lines: [first, second], text, kept, note } of files.filter(({ inside }) => inside)) {
    it(`${name}: written into the file as one edit that touches nothing else`, async () => {
      const { window } = room;
      await window.page.locator(`.tab[data-resource-name="${name}"]`).click(); // by name the sidecar would be found, too
      await window.clearNotifications();
      await window.goToLine(first, 1);
      await window.command('KEDRec: Write Annotations into File', { staysOpen: true });
      const all = window.quick.locator('.monaco-list-row', { hasText: 'All Annotated Records' }).first();
      await all.waitFor();
      await all.click();
      await window.notification(`2 annotations were written into ${name}`);
      await window.clearNotifications();
      await save(name, disk => disk !== text, 'the written file');
      const written = onDisk(name);
      for (const part of kept) { assert.ok(written.includes(part), `${JSON.stringify(part)} in ${JSON.stringify(written)}`); }
      assert.match(written, note ? /Accepted by A\. Reviewer/i : /kedrec_decision[\s\S]*accepted/);
      assert.equal(/\r\n/.test(written), /\r\n/.test(text));
      assert.equal(/[^\r]\n/.test(written), /[^\r]\n/.test(text), 'line breaks are those of the file');
      await window.goToLine(first, 1);
      await window.page.waitForTimeout(500);
      assert.ok(!/edited since/.test(await marks.generated()), 'what KEDRec wrote is no edit of the case');
      await window.screenshot(`formats-${name.replace('.', '-')}-inside`);
      await press('Control+Z');
      await save(name, disk => disk === text, 'one undo gives the file back, byte for byte');
      await press('Control+Y');
      await save(name, disk => disk === written, 'redo');
      await until(async () => /accepted/.test(await marks.generated()), 'the marks after redo');
      // A review goes into the record as it is made.
      await window.goToLine(first, 1);
      await press('Control+Alt+PageDown');
      await until(async () => /Accept/.test(await marks.lenses()) && await marks.line() >= second, 'the other case');
      await press('Control+K', 'Alt+X');
      await until(() => verdicts(name).at(-1) === 'rejected', 'the rejection');
      await window.page.waitForTimeout(600);
      await save(name, disk => disk !== written && (note ? /Rejected by A\. Reviewer/i : /rejected/).test(disk), 'the rejection in the file');
      for (const part of kept) { assert.ok(onDisk(name).includes(part), JSON.stringify(part)); }
      await window.command('KEDRec: Remove KEDRec Fields from File');
      await save(name, disk => disk === text, 'the bytes that the file had before');
    });
  }
});

inWindow('a file that may not be changed', 'dark', {
  viewport: { width: 1500, height: 950 },
  settings: { 'files.readonlyInclude': { '**/locked/**': true }, 'files.readonlyFromPermissions': true, 'kedrec.annotations.storage': 'file' },
  prepare: workspace => {
    for (const folder of ['locked', 'permission']) { mkdirSync(workspace.file(folder)); }
    for (const file of ['locked/setting.jsonl', 'permission/mode.jsonl']) { writeFileSync(workspace.file(file), `{"id": "G-1", "text": "${gout}"}\n{"id": "A-1", "text": "${asthma}"}\n`); }
    chmodSync(workspace.file('permission/mode.jsonl'), 0o444);
  },
}, room => {
  for (const file of ['locked/setting.jsonl', 'permission/mode.jsonl']) {
    it(`${file}: is annotated and reviewed; that it cannot be written into is said, and nothing is lost`, async () => {
      const { window } = room;
      const marks = marksOf(room);
      const before = readFileSync(room.workspace.file(file), 'utf8');
      const sidecar = room.workspace.file(`${file}.kedrec.jsonl`);
      if (file.startsWith('locked')) { await showSideBar(window); }
      await window.open(file);
      await window.goToLine(1, 3);
      await window.page.keyboard.press('Control+Alt+R');
      await until(() => eventsIn(sidecar).some(({ event }) => event === 'annotated'), 'the annotation beside the file');
      await window.notification('is read-only: its annotations are kept beside it');
      await until(async () => /Accept/.test(await marks.lenses()), 'the lenses');
      await window.screenshot(`formats-readonly-${file.split('/')[0]}`);
      await window.clearNotifications();
      await window.goToLine(1, 3);
      await window.page.keyboard.press('Control+Alt+Enter');
      await until(() => eventsIn(sidecar).some(({ verdict }) => verdict === 'accepted'), 'the review');
      await until(async () => /accepted/.test(await marks.generated()), 'the mark');
      assert.equal(await window.page.locator('.tab.active.dirty').count(), 0, 'the document is not changed');
      assert.equal(readFileSync(room.workspace.file(file), 'utf8'), before);
      assert.ok(existsSync(sidecar));
      await window.clearNotifications();
    });
  }
});
