import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import * as vscode from 'vscode';
import type { AnnotationEvent } from '../../src/core/dataset/annotationTypes';
import { foldEvents, parseEvents } from '../../src/core/dataset/sidecar';
import { whyHere } from '../../src/core/dataset/whyHere';
import { labelOf } from '../../src/host/annotate/recordLabel';
import { annotatedEvent, anchorOf, dataset, resultFor, sidecarText, type ResultOptions } from '../support/annotatedFile.mjs';
import { extension, open, setting, until, writeFile } from './support';

const run = (command: string, ...args: unknown[]) => vscode.commands.executeCommand(`kedrec.review.${command}`, ...args);
const at = '2026-02-01T00:00:00.000Z';

/** A JSON Lines file with `count` records, the first `annotated` of them annotated. */
async function opened({ count = 4, annotated = 3, options = () => ({}), lineBreak = '\n', extra = '' }: { count?: number; annotated?: number; options?: (index: number) => ResultOptions; lineBreak?: string; extra?: string } = {}) {
  const { text, records } = dataset(count, 0, index => (index === 0 ? 'aspirin' : undefined));
  const file = writeFile('data.jsonl', text.replace(/\n/g, lineBreak));
  writeFileSync(`${file}.kedrec.jsonl`, sidecarText(records.slice(0, annotated), options) + extra);
  const editor = await open(file);
  const { annotations, view, services } = await extension();
  const owner = await until(() => { const found = annotations.of(editor.document); return found && found.size >= annotated ? found : undefined; }, 'the annotations to be read');
  return { file, editor, annotations, view, services, owner, records };
}

const toLine = (editor: vscode.TextEditor, line: number) => { editor.selection = new vscode.Selection(line, 3, line, 3); };
const events = (file: string) => parseEvents(readFileSync(`${file}.kedrec.jsonl`, 'utf8')).events;
const reviewed = (file: string) => foldEvents(events(file)).map(({ reviews }) => [...reviews.values()].flat().map(({ verdict }) => verdict).join());
const lenses = async (editor: vscode.TextEditor) => (await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', editor.document.uri, 50))
  .map(lens => `${lens.range.start.line} ${lens.command?.title.replace(/\$\([\w-]+\) /, '') ?? ''}`);

describe('reviewing in the editor', () => {
  before(() => setting('reviewer', 'A. Reviewer'));
  after(() => setting('reviewer', undefined));
  afterEach(async () => { await vscode.commands.executeCommand('workbench.action.closeAllEditors'); });

  it('offers what can be done above the record under the cursor and the next unreviewed one, and nowhere else', async () => {
    const { editor } = await opened();
    toLine(editor, 0);
    assert.deepEqual(await lenses(editor), ['0 Recommend', '0 Accept metformin', '0 Edit', '0 Reject', '0 Skip', '1 Recommend', '1 Accept lisinopril', '1 Edit', '1 Reject', '1 Skip']);
    await run('accept');
    assert.deepEqual((await lenses(editor)).slice(0, 3), ['0 metformin: accepted', '0 Undo Review', '0 Recommend']);
    toLine(editor, 3);
    assert.deepEqual((await lenses(editor)).filter(title => title.startsWith('3')), ['3 Recommend'], 'a record without an annotation can be asked about');
  });

  it('accepts and goes to the next by one command, around the end, and says when none is left', async () => {
    const { file, editor } = await opened();
    toLine(editor, 1);
    await run('acceptAndNext');
    assert.equal(editor.selection.active.line, 2);
    await run('acceptAndNext');
    assert.equal(editor.selection.active.line, 0, 'around the end of the file');
    await run('acceptAndNext');
    assert.equal(editor.selection.active.line, 0);
    assert.deepEqual(reviewed(file), ['accepted', 'accepted', 'accepted']);
    await run('next');
    assert.equal(editor.selection.active.line, 0);
  });

  it('goes to the previous unreviewed record', async () => {
    const { editor } = await opened();
    toLine(editor, 1);
    await run('previous');
    assert.equal(editor.selection.active.line, 0);
    await run('previous');
    assert.equal(editor.selection.active.line, 2);
  });

  it('undoes many steps, however they were made', async () => {
    const { file, editor, annotations } = await opened();
    toLine(editor, 0);
    await run('accept');
    await run('reject', 'synthetic-1');
    await annotations.review('synthetic-2', 'colchicine', { verdict: 'skipped' });
    assert.deepEqual(reviewed(file), ['accepted', 'rejected', 'skipped']);
    await run('undo');
    assert.deepEqual(reviewed(file), ['accepted', 'rejected', '']);
    assert.equal(editor.selection.active.line, 2, 'the cursor goes to what was undone');
    await run('undo');
    await run('undo');
    assert.deepEqual(reviewed(file), ['', '', '']);
  });

  it('keeps the reviewer\'s own words', async () => {
    const { file, editor } = await opened();
    toLine(editor, 0);
    const editing = run('edit');
    await new Promise(resolve => setTimeout(resolve, 500));
    await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    await vscode.commands.executeCommand('workbench.action.quickInputAccept').then(undefined, () => undefined);
    await editing;
    const [first] = foldEvents(events(file));
    assert.deepEqual([...first!.reviews.values()].flat().map(({ verdict, rationale }) => [verdict, rationale]), [['edited', 'A synthetic summary about metformin.']]);
  });

  it('reads what another program appends, whatever its order, and counts a line once', async () => {
    const review = (reviewer: string, verdict: string, time: string) => `${JSON.stringify({ event: 'reviewed', id: 'synthetic-9', at: time, reviewer, drug: 'sertraline', verdict })}\n`;
    const { file, annotations, records, owner } = await opened({ count: 12, annotated: 3 });
    const late = review('B', 'rejected', '2026-02-01T00:00:02.000Z') + review('B', 'accepted', at) + review('C', 'accepted', at);
    appendFileSync(`${file}.kedrec.jsonl`, late + sidecarText(records.slice(9, 10)) + late);
    const found = await until(() => annotations.find('synthetic-9'), 'the appended annotation');
    assert.deepEqual(found.placed.annotation.reviews.get('sertraline')?.map(({ reviewer, verdict }) => `${reviewer} ${verdict}`), ['C accepted', 'B rejected']);
    assert.equal(owner.lineOf(found.placed), 9);
    assert.equal(owner.size, 4);
  });

  it('starts again when another file stands in the sidecar\'s place', async () => {
    const { file, annotations, records, owner } = await opened();
    writeFileSync(`${file}.kedrec.jsonl`, sidecarText(records.slice(3, 4)));
    await until(() => owner.has('synthetic-3') && !owner.has('synthetic-0'), 'the other file');
    assert.equal((await annotations.detail('synthetic-3'))?.recommendations[0]?.drug.id, 'sertraline');
  });

  it('takes events of a batch at once and shows failures with their reason', async () => {
    const { file, annotations, owner, records, editor } = await opened();
    const { text, start, index, id } = records[3]!;
    const anchor = anchorOf(text, start, { index, id });
    let told = 0;
    const listening = annotations.onDidChange(() => { told++; });
    await annotations.addEvents(editor.document, [{ event: 'failed', id: 'f', at, anchor, reason: 'timeout', message: 'The server did not answer.' }]);
    assert.equal(owner.at(new vscode.Position(3, 2))?.annotation.failure?.reason, 'timeout');
    toLine(editor, 3);
    assert.ok((await lenses(editor)).includes('3 Failed (timeout)'));
    await annotations.addEvents(editor.document, [annotatedEvent('done', anchor, resultFor(3))]);
    assert.equal(owner.at(new vscode.Position(3, 2))?.annotation.id, 'done', 'a later answer stands for the failure');
    assert.ok(told <= 6, `${told} notifications`);
    listening.dispose();
    assert.equal(events(file).length, 5);
  });

  it('rejects when events of a batch could not be written', async () => {
    const { editor, annotations, file } = await opened();
    rmSync(`${file}.kedrec.jsonl`);
    mkdirSync(`${file}.kedrec.jsonl`);
    await assert.rejects(annotations.addEvents(editor.document, [{ event: 'removed', id: 'synthetic-0', at } satisfies AnnotationEvent]), /folder of that name is in the way/);
    rmdirSync(`${file}.kedrec.jsonl`);
    await annotations.retryPending(editor.document);
    assert.deepEqual(events(file).map(({ event }) => event), ['removed'], 'it is written when that is possible again');
  });

  it('follows edits with Windows line endings, and a text that is cut and pasted elsewhere', async () => {
    const { editor, annotations, owner } = await opened({ lineBreak: '\r\n' });
    const textOf = (id: string) => editor.document.getText(owner.rangeOf(annotations.find(id)!.placed));
    assert.match(textOf('synthetic-2'), /^\{"id":"s2".*\}$/);
    await editor.edit(edit => edit.insert(new vscode.Position(0, 0), '{"id":"new","text":"Synthetic."}\r\n'));
    assert.match(textOf('synthetic-2'), /^\{"id":"s2".*\}$/);
    const line = editor.document.getText(new vscode.Range(1, 0, 2, 0));
    await editor.edit(edit => edit.delete(new vscode.Range(1, 0, 2, 0)));
    assert.equal(annotations.find('synthetic-0')?.placed.span, undefined);
    await editor.edit(edit => edit.insert(new vscode.Position(3, 0), line));
    assert.match(textOf('synthetic-0'), /^\{"id":"s0".*\}$/);
  });

  it('finds many annotations again when another program rewrote the file', async () => {
    const { file, editor, owner, annotations, records } = await opened({ count: 400, annotated: 400 });
    writeFileSync(file, `{"id":"first","text":"Synthetic."}\n${[...records].reverse().map(({ text }) => text).join('\n')}\n`);
    await until(() => editor.document.lineAt(0).text.includes('first'), 'the file to be read again');
    await until(() => owner.all.every(({ span }) => span), 'all annotations to be found');
    assert.equal(owner.lineOf(annotations.find('synthetic-0')!.placed), 400);
  });

  it('says why a record is here', async () => {
    const { owner, annotations, services } = await opened({ options: index => (index === 0 ? { confidence: 0.2, unsupported: 1 } : {}) });
    const { placed } = annotations.find('synthetic-0')!;
    const label = await labelOf(owner, placed, services);
    const reasons = whyHere(placed.annotation, { lowConfidence: 0.4, label }).join(' ');
    assert.match(reasons, /Best confidence 0\.20 is under 0\.40\. Label aspirin; recommended metformin\. Metformin: one claim not supported/);
    assert.deepEqual(whyHere(annotations.find('synthetic-1')!.placed.annotation, { lowConfidence: 0.4 }), []);
  });

  it('keeps reviews of untitled documents in the window', async () => {
    const { text, records } = dataset(2);
    const editor = await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content: text, language: 'jsonl' }));
    const { annotations } = await extension();
    const [{ start, index, id }] = [records[0]!];
    await annotations.addEvents(editor.document, [annotatedEvent('u1', anchorOf(records[0]!.text, start, { index, id }), resultFor(0))]);
    toLine(editor, 0);
    await run('accept');
    assert.equal(annotations.find('u1')?.placed.annotation.reviews.get('metformin')?.[0]?.verdict, 'accepted');
    assert.equal((await annotations.detail('u1'))?.recommendations.length, 3);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  it('names file, line and field when a recommendation cannot be read, and shows the rest', async () => {
    const broken = JSON.parse(sidecarText(dataset(4).records.slice(3, 4))) as { result: { provenance: Record<string, unknown> } };
    broken.result.provenance.durationMs = 'long';
    const { annotations } = await opened({ annotated: 3, extra: `${JSON.stringify(broken)}\n` });
    await assert.rejects(annotations.detail('synthetic-3'), /data\.jsonl\.kedrec\.jsonl, line 4, field result\/provenance\/durationMs/);
    assert.ok(await annotations.detail('synthetic-0'));
  });

  it('escapes what stands in a rationale, and links only to our own evidence', async () => {
    const hostile = resultFor(0);
    Object.assign(hostile.recommendations[0]!.rationale, { summary: '[click](command:workbench.action.quit) <b>bold</b> **x**' });
    Object.assign(hostile.recommendations[0]!.rationale.claims[0]!.citations[0]!, { url: 'https://evil.example/x', documentId: 'EVIL](https://evil.example)' });
    const { records } = dataset(4);
    const { text, start, index, id } = records[3]!;
    const { editor } = await opened({ extra: `${JSON.stringify(annotatedEvent('hostile', anchorOf(text, start, { index, id }), hostile))}\n` });
    const [hover] = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', editor.document.uri, new vscode.Position(3, 5));
    const shown = hover!.contents.map(content => (typeof content === 'string' ? content : content.value)).join('\n');
    assert.ok(shown.includes('\\[click\\]\\(command:workbench'), shown);
    assert.ok(!shown.includes('](https://evil'), 'no address of a sidecar becomes a link');
    assert.ok(!shown.includes('<b>'));
  });
});
