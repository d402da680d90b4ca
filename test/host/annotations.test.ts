import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { foldEvents, parseEvents } from '../../src/core/dataset/sidecar';
import { cursorAt, extension, goutNote, open, recommend, until, writeFile } from './support';

async function annotated(content = goutNote): Promise<{ readonly file: string; readonly editor: vscode.TextEditor; readonly id: string }> {
  const file = writeFile('note.md', content);
  const editor = await open(file);
  cursorAt(editor, 'acute flare');
  const { annotationId } = await recommend('done');
  return { file, editor, id: annotationId };
}

async function textOf(id: string): Promise<string | undefined> {
  const { annotations } = await extension();
  const found = annotations.find(id);
  const range = found?.owner.rangeOf(found.placed);
  return range && found?.owner.document.getText(range);
}

const caseText = 'Synthetic: Zebediah has an acute flare of gout. Allergies: penicillin.';

describe('annotations', () => {
  afterEach(async () => { await vscode.commands.executeCommand('workbench.action.closeAllEditors'); });

  it('follow the text as it is edited, and are found at their new place after reopening', async () => {
    const { file, editor, id } = await annotated();
    await editor.edit(edit => edit.insert(new vscode.Position(0, 0), 'A line typed above.\n\n'));
    assert.equal(await textOf(id), caseText);
    await editor.document.save();
    await until(() => parseEvents(readFileSync(`${file}.kedrec.jsonl`, 'utf8')).events.some(({ event }) => event === 'moved'), 'the move to be kept');
    const [kept] = foldEvents(parseEvents(readFileSync(`${file}.kedrec.jsonl`, 'utf8')).events);
    assert.equal(kept?.anchor.start, readFileSync(file, 'utf8').indexOf(caseText));
  });

  it('are attached where the case stands when the answer comes, though lines were typed above it meanwhile', async () => {
    const { annotations } = await extension();
    const { findCase, isCase } = await import('../../src/host/recommend/caseTarget');
    const { resultFor } = await import('../support/annotatedFile.mjs');
    const editor = await open(writeFile('note.md', goutNote));
    cursorAt(editor, 'acute flare');
    const target = findCase(editor);
    assert.ok(isCase(target));
    annotations.ask(target);
    await editor.edit(edit => edit.insert(new vscode.Position(0, 0), 'Typed while waiting.\n\n'));
    const { id } = await annotations.annotate(target, resultFor(0));
    assert.equal(await textOf(id), caseText);
    annotations.ask(target);
    const at = editor.document.getText().indexOf('acute');
    await editor.edit(edit => edit.replace(new vscode.Range(editor.document.positionAt(at), editor.document.positionAt(at + 5)), 'severe'));
    const found = annotations.find(id);
    assert.equal(found?.placed.edited, true);
    await vscode.commands.executeCommand('undo');
  });

  it('say when the case was edited, and take it back on undo', async () => {
    const { editor, id } = await annotated();
    const { annotations } = await extension();
    const at = editor.document.getText().indexOf('acute');
    await editor.edit(edit => edit.replace(new vscode.Range(editor.document.positionAt(at), editor.document.positionAt(at + 5)), 'severe'));
    assert.equal(annotations.find(id)?.placed.edited, true);
    await vscode.commands.executeCommand('undo');
    await until(() => annotations.find(id)?.placed.edited === false, 'the undo to be seen');
  });

  it('are detached when their text is gone, and come back with it', async () => {
    const { editor, id } = await annotated();
    const { annotations, view } = await extension();
    await editor.edit(edit => edit.delete(new vscode.Range(1, 0, 4, 0)));
    await until(() => annotations.find(id)?.placed.span === undefined, 'the annotation to be detached');
    await until(() => view.current.kind === 'done' && view.current.detached, 'the panel to say so');
    await vscode.commands.executeCommand('undo');
    await until(async () => await textOf(id) === caseText, 'the annotation to come back');
  });

  it('are found when another program moved the text while the file was closed, and reported when it is gone', async () => {
    const { file } = await annotated();
    const { annotations } = await extension();
    const sidecar = readFileSync(`${file}.kedrec.jsonl`, 'utf8');
    const moved = writeFile('moved.md', `Written by another program.\n\n${goutNote}`);
    writeFileSync(`${moved}.kedrec.jsonl`, sidecar);
    const gone = writeFile('gone.md', 'Another text.\n');
    writeFileSync(`${gone}.kedrec.jsonl`, sidecar);
    const first = await open(moved);
    const [placed] = await until(() => annotations.of(first.document)?.all, 'the sidecar to be read');
    assert.equal(first.document.getText(annotations.of(first.document)!.rangeOf(placed!)), caseText);
    const second = await open(gone);
    const [detached] = await until(() => annotations.of(second.document)?.all, 'the sidecar to be read');
    assert.equal(detached?.span, undefined);
  });

  it('survive a broken line in the sidecar, which stays as it is', async () => {
    const { file } = await annotated();
    const copy = writeFile('copy.md', goutNote);
    const text = `${readFileSync(`${file}.kedrec.jsonl`, 'utf8')}{"event":"rev`;
    writeFileSync(`${copy}.kedrec.jsonl`, text);
    const editor = await open(copy);
    const { annotations } = await extension();
    const [placed] = await until(() => annotations.of(editor.document)?.all, 'the sidecar to be read');
    assert.ok(placed?.span);
    await annotations.review(placed.annotation.id, 'colchicine', { verdict: 'accepted' });
    const after = readFileSync(`${copy}.kedrec.jsonl`, 'utf8');
    assert.ok(after.startsWith(text), 'nothing that was there is lost');
    assert.deepEqual(parseEvents(after).events.map(({ event }) => event), ['annotated', 'reviewed']);
  });

  it('keep reviews, and take the last one back', async () => {
    const { file, id } = await annotated();
    const { annotations } = await extension();
    const verdict = () => foldEvents(parseEvents(readFileSync(`${file}.kedrec.jsonl`, 'utf8')).events)[0]?.reviews.get('colchicine')?.map(review => review.verdict);
    await annotations.review(id, 'colchicine', { verdict: 'accepted' });
    await annotations.review(id, 'colchicine', { verdict: 'edited', rationale: 'In my words.' });
    assert.deepEqual(verdict(), ['edited']);
    await annotations.review(id, 'colchicine', undefined);
    assert.deepEqual(verdict(), ['accepted']);
  });

  it('write each line once when many reviews come at the same time', async () => {
    const { file, id } = await annotated();
    const { annotations } = await extension();
    await Promise.all(Array.from({ length: 40 }, (_, n) => annotations.review(id, `drug-${n}`, { verdict: 'skipped' })));
    const { events, problems } = parseEvents(readFileSync(`${file}.kedrec.jsonl`, 'utf8'));
    assert.deepEqual([events.length, problems.length], [41, 0]);
  });

  it('show a hover with the summary and a link to the panel only', async () => {
    const { editor } = await annotated();
    const [hover] = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', editor.document.uri, new vscode.Position(2, 20));
    const text = hover!.contents.map(content => (typeof content === 'string' ? content : content.value)).join('\n');
    assert.match(text, /colchicine/);
    assert.match(text, /command:kedrec\.annotation\.open/);
    assert.match(text, /no language model/);
    assert.ok(!text.includes('&nbsp;'), 'long lines wrap');
  });

  it('insert a readable block below the case as one undo step', async () => {
    const { editor } = await annotated();
    await vscode.commands.executeCommand('kedrec.annotation.insert');
    const text = editor.document.getText();
    assert.match(text, /### KEDRec recommendation\n\n- \*\*Recommend: /);
    assert.match(text, /Sources\n- \[1\] /);
    assert.ok(text.indexOf('KEDRec recommendation') > text.indexOf(caseText) && text.indexOf('KEDRec recommendation') < text.indexOf('Plan: see again'));
    await vscode.commands.executeCommand('undo');
    assert.equal(editor.document.getText(), goutNote);
  });

  it('do not break a dataset: no block is inserted into records', async () => {
    const content = '{"id":"a","text":"Synthetic: acute flare of gout."}\n';
    const file = writeFile('data.jsonl', content);
    cursorAt(await open(file), 'acute flare');
    await recommend('done');
    await vscode.commands.executeCommand('kedrec.annotation.insert');
    assert.equal(vscode.window.activeTextEditor!.document.getText(), content);
  });

  it('are left alone in a sidecar of a file that appends were made to by hand', async () => {
    const { file, id } = await annotated();
    appendFileSync(`${file}.kedrec.jsonl`, '\n');
    const { annotations } = await extension();
    await annotations.remove(id);
    assert.deepEqual(foldEvents(parseEvents(readFileSync(`${file}.kedrec.jsonl`, 'utf8')).events), []);
  });
});
