import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { parseEvents } from '../../src/core/dataset/sidecar';
import { describeWriteError } from '../../src/host/annotate/sidecarFile';
import { findCase } from '../../src/host/recommend/caseTarget';
import { cursorAt, extension, goutNote, open, recommend, until, workspace, writeFile } from './support';

const messageOf = (editor: vscode.TextEditor | undefined) => { const found = findCase(editor); return 'message' in found ? found.message : 'a case was found'; };

describe('recommend drugs for a selection', () => {
  afterEach(async () => { await vscode.commands.executeCommand('workbench.action.closeAllEditors'); });

  it('registers exactly the commands that the manifest declares', async () => {
    await extension();
    const manifest = vscode.extensions.getExtension('kedrec.kedrec')!.packageJSON as { contributes: { commands: { command: string }[] } };
    // Views bring commands of their own (kedrec.rationale.focus ...), which are not the extension's.
    const registered = (await vscode.commands.getCommands(true)).filter(id => id.startsWith('kedrec.') && !/^kedrec\.(rationale|annotations)\./.test(id) && !/^kedrec\.\w+\.(focus|removeView|resetViewLocation|toggleVisibility)$/.test(id));
    assert.deepEqual(registered.sort(), manifest.contributes.commands.map(({ command }) => command).sort());
  });

  it('takes the paragraph under the cursor, annotates it and keeps it beside the file', async () => {
    const file = writeFile('note.md', goutNote);
    const editor = await open(file);
    cursorAt(editor, 'acute flare');
    const { result, case: shown, annotationId } = await recommend('done');
    assert.deepEqual(shown.location, { file: 'note.md', place: 'line 3' });
    assert.equal(result.engine, 'evidence');
    assert.equal(result.provenance.languageModel, false);
    assert.ok(result.recommendations.some(({ drug, decision }) => drug.id === 'colchicine' && decision === 'recommend'));
    assert.deepEqual(result.case.allergies.map(({ id }) => id), ['penicillins']);
    const sidecar = readFileSync(`${file}.kedrec.jsonl`, 'utf8');
    const { events, problems } = parseEvents(sidecar);
    assert.deepEqual(problems, []);
    assert.deepEqual(events.map(({ event, id }) => [event, id]), [['annotated', annotationId]]);
    assert.ok(!sidecar.includes('Zebediah'), 'the sidecar holds no text of the case');
    assert.equal(readFileSync(file, 'utf8'), goutNote, 'the note itself is untouched');
  });

  it('takes the selection when there is one', async () => {
    const editor = await open(writeFile('note.md', 'Synthetic: asthma since childhood; gout of the left knee.\n'));
    const at = editor.document.getText().indexOf('gout');
    editor.selection = new vscode.Selection(editor.document.positionAt(at), editor.document.positionAt(at + 21));
    const { result, case: shown } = await recommend('done');
    assert.equal(shown.text, 'gout of the left knee');
    assert.deepEqual(result.case.diseases.map(({ id }) => id), ['gout']);
  });

  it('takes the record under the cursor and compares exactly its candidates', async () => {
    const jsonl = await open(`${workspace()}/datasets/synthetic-cases.jsonl`);
    cursorAt(jsonl, '{"id":"syn-02"');
    const first = await recommend('done');
    assert.match(first.case.location.place, /record syn-02/);
    assert.deepEqual(first.result.recommendations.map(({ drug, decision }) => `${drug.id}:${decision}`), ['natalizumab:recommend', 'omeprazole:insufficient-evidence']);
    const csv = await open(`${workspace()}/datasets/synthetic-cases.csv`);
    cursorAt(csv, 'She has no heart disease');
    const second = await recommend('done');
    assert.match(second.case.text, /^Synthetic: 47-year-old woman with migraine[^]*no heart disease\.$/);
    assert.equal(second.result.recommendations[0]?.drug.id, 'topiramate');
  });

  it('reads notes with Windows line endings, and marks the right words', async () => {
    const editor = await open(writeFile('crlf.md', goutNote.replace(/\n/g, '\r\n')));
    cursorAt(editor, 'acute flare');
    const { result, annotationId } = await recommend('done');
    const { annotations } = await extension();
    const { owner, placed } = annotations.find(annotationId)!;
    assert.equal(editor.document.getText(owner.rangeOf(placed)), 'Synthetic: Zebediah has an acute flare of gout. Allergies: penicillin.');
    assert.equal(result.case.diseases[0]?.mentions[0] && 'Synthetic: Zebediah has an acute flare of gout.'.slice(result.case.diseases[0].mentions[0].start, result.case.diseases[0].mentions[0].end), 'gout');
  });

  it('says why nothing is recommended', async () => {
    const editor = await open(`${workspace()}/case-notes/health-check.md`);
    cursorAt(editor, '29-year-old');
    const { reason, advice } = await recommend('nothing');
    assert.match(reason, /names no disease that is present now/);
    assert.ok(advice.length > 0);
    assert.ok(!existsSync(`${workspace()}/case-notes/health-check.md.kedrec.jsonl`), 'nothing is kept when nothing was found');
  });

  it('explains what cannot be a case', async () => {
    assert.match(messageOf(undefined), /Open a case note/);
    assert.match(messageOf(await open(writeFile('empty.md', ''))), /empty/);
    assert.match(messageOf(await open(writeFile('blank.md', ' \n\n '))), /empty/);
    const note = await open(writeFile('note.md', goutNote));
    note.selection = new vscode.Selection(1, 0, 1, 0);
    assert.match(messageOf(note), /empty line/);
    assert.match(messageOf(await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content: 'gout\u0000\u0001\u0002' }))), /not text/);
    const long = await open(writeFile('long.txt', `gout ${'word '.repeat(210_000)}`));
    long.selection = new vscode.Selection(0, 0, 0, 1_000_000);
    assert.match(messageOf(long), /a case can have 100,000/);
    const broken = await open(writeFile('broken.jsonl', '{"id":1,"text":"x"}\n{"id":2,'));
    cursorAt(broken, '{"id":2');
    assert.match(messageOf(broken), /broken\.jsonl: line 2 is not valid JSON/);
  });

  it('keeps the recommendation when the folder is read-only, says so, and writes it on retry', async function () {
    if (process.getuid?.() === 0) { this.skip(); /* root may write anywhere */ }
    const file = writeFile('note.md', goutNote);
    chmodSync(dirname(file), 0o555);
    try {
      cursorAt(await open(file), 'acute flare');
      const { unsaved } = await recommend('done');
      assert.match(unsaved ?? '', /read-only/);
    } finally { chmodSync(dirname(file), 0o755); }
    const { annotations } = await extension();
    await annotations.retryPending(vscode.window.activeTextEditor!.document);
    assert.ok(existsSync(`${file}.kedrec.jsonl`));
  });

  it('names the cause when a sidecar cannot be written', () => {
    const uri = vscode.Uri.file('/notes/case.md.kedrec.jsonl');
    const text = (code: string) => describeWriteError(Object.assign(new Error('secret detail'), { code }), uri);
    assert.match(text('EACCES'), /case\.md\.kedrec\.jsonl cannot be written: the file or its folder is read-only/);
    assert.match(text('ENOSPC'), /the disk is full/);
    assert.match(text('EIO'), /\(EIO\)\. Retry/);
    assert.ok(!text('EIO').includes('secret detail'));
  });

  it('keeps the recommendation when the sidecar cannot be written, and writes it on retry', async () => {
    const file = writeFile('note.md', goutNote);
    const { mkdirSync } = await import('node:fs');
    mkdirSync(`${file}.kedrec.jsonl`);
    cursorAt(await open(file), 'acute flare');
    const { unsaved } = await recommend('done');
    assert.match(unsaved ?? '', /folder of that name is in the way/);
    rmSync(`${file}.kedrec.jsonl`, { recursive: true });
    const { annotations, view } = await extension();
    await annotations.retryPending(vscode.window.activeTextEditor!.document);
    assert.equal(parseEvents(readFileSync(`${file}.kedrec.jsonl`, 'utf8')).events.length, 1);
    await until(() => view.current.kind === 'done' && view.current.unsaved === undefined, 'the panel to forget the problem');
  });

  it('makes the folder of the sidecar when it went missing', async () => {
    const file = writeFile('note.md', goutNote);
    cursorAt(await open(file), 'acute flare');
    rmSync(dirname(file), { recursive: true });
    const { unsaved } = await recommend('done');
    assert.equal(unsaved, undefined);
    assert.ok(existsSync(`${file}.kedrec.jsonl`));
  });

  it('says that an unsaved document has no place for annotations', async () => {
    const editor = await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content: goutNote }));
    cursorAt(editor, 'acute flare');
    const { unsaved } = await recommend('done');
    assert.match(unsaved ?? '', /Save it as a file/);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });
});
