import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { Services } from '../../src/host/services';
import { cursorAt, extension, open, recommend, setting, until, writeFile } from './support';

const problems = (editor: vscode.TextEditor) => vscode.languages.getDiagnostics(editor.document.uri).filter(({ source }) => source === 'KEDRec');
const services = async () => (await extension() as unknown as { services: Services }).services;
const gout = 'Synthetic: 50-year-old man with an acute flare of gout. No other disease.';

describe('datasets', () => {
  after(async () => { await setting('annotations.storage', undefined); });

  it('show what is wrong at its exact place, and nothing once it is mended', async () => {
    const editor = await open(writeFile('bad.jsonl', `{"id":1,"text":"${gout}"}\n{"id":2,"text":"Synthetic" "x":1}\n{"id":1,"text":"Synthetic: asthma."}\n{"id":3,"note":5}\n`));
    const found = await until(() => { const all = problems(editor); return all.length === 3 ? all : undefined; }, 'three problems');
    assert.deepEqual(found.map(({ range, severity }) => [range.start.line, severity]), [[1, vscode.DiagnosticSeverity.Error], [2, vscode.DiagnosticSeverity.Warning], [3, vscode.DiagnosticSeverity.Error]]);
    assert.equal(editor.document.getText(found[0]!.range), '"x"', 'where JSON ends');
    assert.equal(editor.document.getText(found[2]!.range), '5', 'the value of the wrong type');
    assert.match(found[1]!.message, /same id as the one at line 1/);
    assert.ok(found.every(({ message }) => !message.includes('Synthetic')), 'never text of a record');
    await editor.edit(edit => { edit.replace(new vscode.Range(1, 0, 4, 0), ''); });
    await until(() => problems(editor).length === 0, 'the problems to go');
  });

  it('of another encoding say what to do', async () => {
    const editor = await open(writeFile('wide.csv', Buffer.from('\uFEFFid,text\n1,Synthetic: gout.\n', 'utf16le')));
    const [problem] = await until(() => { const all = problems(editor); return all.length > 0 ? all : undefined; }, 'the problem');
    assert.match(problem!.message, /UTF-16.*Save with Encoding/);
  });

  it('leave files alone that are no datasets of cases', async () => {
    const json = await open(writeFile('settings.json', '{"a": 1, "list": [{"b": 2}]}'));
    const table = await open(writeFile('numbers.csv', 'a,b\n1,2\n3,4\n5,6\n'));
    const [hint] = await until(() => { const all = problems(table); return all.length > 0 ? all : undefined; }, 'the hint');
    assert.deepEqual([problems(table).length, hint!.severity], [1, vscode.DiagnosticSeverity.Warning]);
    assert.match(hint!.message, /Map Dataset Fields/);
    assert.deepEqual(problems(json), []);
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', table.document.uri, hint!.range);
    assert.ok(actions.some(({ command }) => command?.command === 'kedrec.dataset.mapFields'));
  });

  it('are read by the fields that were mapped, on the road of a recommendation, too', async () => {
    const editor = await open(writeFile('own.csv', `nr;befund\n7;"${gout}"\n`));
    const { mappings } = await services();
    await mappings.set(['nr', 'befund'], { caseText: 'befund', id: 'nr' });
    try {
      cursorAt(editor, 'acute flare');
      const { case: shown } = await recommend('done');
      assert.equal(shown.text, gout);
      assert.match(shown.location.place, /record 7/);
      await until(() => problems(editor).length === 0, 'no problem');
    } finally { await mappings.set(['nr', 'befund'], undefined); }
    await until(() => problems(editor).length === 1, 'the problem without a mapping');
  });

  it('take records of a JSON list and cases of a note with several', async () => {
    const list = await open(writeFile('list.json', `{\r\n  "records": [\r\n    {\r\n      "id": "a",\r\n      "text": "${gout}"\r\n    }\r\n  ]\r\n}\r\n`));
    cursorAt(list, '"id"');
    const first = await recommend('done');
    assert.deepEqual([first.case.text, first.case.location.place], [gout, 'record a, line 3']);
    const note = await open(writeFile('cases.md', `# Cases\n\n## Case 1\n\nSynthetic: asthma.\n\n## Case 2\n\n${gout}\n`));
    cursorAt(note, 'acute flare');
    const second = await recommend('done');
    assert.match(second.case.text, /^## Case 2\n\nSynthetic: 50-year-old/);
  });

  for (const [name, content] of [
    ['in.jsonl', `{"n": 1.0, "text": "${gout}"}\r\n{"text":"Synthetic: asthma."}\r\n`],
    ['in.csv', `\uFEFFid,text\n1,"${gout}"\n2,Synthetic: asthma\n`],
    ['in.json', `[\n  {\n    "text": "${gout}"\n  }\n]\n`],
    ['in.md', `## Case 1\n\n${gout}\n\n## Case 2\n\nSynthetic: asthma.\n`],
  ] as const) {
    it(`get an annotation written into ${name} as one undoable edit, and lose it without a trace`, async () => {
      const file = writeFile(name, content);
      const editor = await open(file);
      cursorAt(editor, 'acute flare');
      const { annotationId } = await recommend('done');
      const before = editor.document.getText();
      await vscode.commands.executeCommand('kedrec.annotation.writeIntoFile', 'current');
      const written = editor.document.getText();
      const { annotations } = await extension();
      const edited = () => annotations.find(annotationId!)?.placed.edited;
      const untouched = (what: string) => (name.endsWith('.md') ? undefined : until(() => edited() === false, `not "edited" after ${what}`));
      await untouched('the write');
      assert.match(written, name.endsWith('.md') ? /### KEDRec recommendation/ : /kedrec_decision/);
      assert.ok(written.includes('asthma') === before.includes('asthma'));
      await vscode.commands.executeCommand('undo');
      assert.equal(editor.document.getText(), before, 'one undo');
      await untouched('undo');
      await vscode.commands.executeCommand('redo');
      assert.equal(editor.document.getText(), written);
      await untouched('redo');
      assert.ok(annotations.find(annotationId!)?.placed.span, 'the annotation follows its record');
      await vscode.commands.executeCommand('kedrec.annotation.stripFile');
      assert.equal(editor.document.getText(), before);
      await untouched('removing');
      await editor.document.save();
      assert.equal(readFileSync(file, 'utf8'), content, 'byte for byte');
    });
  }

  it('get recommendations and reviews into their records by themselves when the setting says so', async () => {
    await setting('annotations.storage', 'file');
    const editor = await open(writeFile('auto.jsonl', `{"text":"${gout}"}\n`));
    cursorAt(editor, 'acute flare');
    const { annotationId, result } = await recommend('done');
    const fields = () => JSON.parse(editor.document.getText().split('\n')[0]!) as Record<string, unknown>;
    await until(() => fields()['kedrec_drug'], 'the recommendation in the record');
    assert.equal(fields()['kedrec_drug'], result.recommendations[0]!.drug.name);
    const second = result.recommendations[1]!.drug;
    const { annotations } = await extension();
    await annotations.review(annotationId!, second.id, { verdict: 'accepted' });
    await until(() => fields()['kedrec_review'] === 'accepted', 'the review in the record');
    assert.equal(fields()['kedrec_drug'], second.name, 'the drug that was accepted');
    await setting('annotations.storage', undefined);
  });

  it('are made of tables by one command', async () => {
    const folder = dirname(writeFile('patient.csv', 'patientunitstayid,gender,age,unittype,apacheadmissiondx\n1,Male,50,Synthetic ICU,Gout\n'));
    writeFileSync(join(folder, 'diagnosis.csv'), 'diagnosisid,patientunitstayid,diagnosisstring,diagnosispriority\n1,1,rheumatology|gout,Primary\n');
    writeFileSync(join(folder, 'medication.csv'), 'medicationid,patientunitstayid,drugordercancelled,drugname\n1,1,No,COLCHICINE 0.6 MG PO TABS\n');
    mkdirSync(join(folder, 'out'));
    const out = join(folder, 'out', 'made.jsonl');
    await vscode.commands.executeCommand('kedrec.dataset.joinTables', vscode.Uri.file(folder), vscode.Uri.file(out));
    assert.ok(existsSync(out));
    assert.deepEqual(JSON.parse(readFileSync(out, 'utf8')), { id: '1', text: '50-year-old man, admitted to Synthetic ICU. Admission diagnosis: Gout.\nDiagnoses: gout.', disease: 'gout', label: ['colchicine'] });
  });
});
