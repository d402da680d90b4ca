import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import * as vscode from 'vscode';
import type { AnnotationEvent } from '../../src/core/dataset/annotationTypes';
import { encodeEvents, parseEvents } from '../../src/core/dataset/sidecar';
import { documentSource, fileSource, isSource } from '../../src/host/batch/batchSource';
import { extension, open, setting, until, writeFile } from './support';

const records = [
  { id: 'Q-1', text: 'An adult with gout asks for treatment.', label: 'colchicine' },
  { id: 'Q-2', text: 'An adult with type 2 diabetes asks for treatment.', label: 'colchicine' },
  { id: 'Q-3', text: 'The weather was fine.', label: '' },
  { id: 'Q-4', text: 'An adult with hypertension asks for treatment.' },
];

async function annotatedFile(name = 'queue.jsonl'): Promise<{ readonly file: string; readonly editor: vscode.TextEditor }> {
  const { many, services } = await extension();
  const file = writeFile(name, records.map(record => `${JSON.stringify(record)}\n`).join(''));
  const editor = await open(file);
  const source = documentSource(editor.document, undefined, services.mappings);
  assert.ok(isSource(source));
  await many.batches.start(source, { confirmed: true });
  await many.queue.rebuild();
  return { file, editor };
}

const reviewer = (name: string) => setting('reviewer', name);
const ids = async () => (await extension()).many.queue.items.map(({ anchor }) => anchor.record?.id);

describe('annotation queue', () => {
  beforeEach(() => reviewer('Ann'));
  afterEach(async () => {
    await (await extension()).many.queue.setFilter(undefined);
    await reviewer('');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('shows the file\'s cases with progress and badge; rows say in words where they stand', async () => {
    const { many } = await extension();
    await annotatedFile();
    await vscode.commands.executeCommand('kedrec.queue.focus');
    assert.deepEqual(await ids(), ['Q-1', 'Q-2', 'Q-3', 'Q-4']);
    await until(() => many.tree.view.badge?.value === 4, 'the badge');
    assert.equal(many.tree.view.description, '0 of 4 reviewed');
    const row = many.tree.getTreeItem(many.queue.items[0]!);
    assert.equal(row.label, 'Q-1');
    assert.match(String(row.description), /^not reviewed .* recommend /);
    assert.match(row.accessibilityInformation!.label, /^Q-1, not reviewed/);
    assert.equal(many.queue.lineOf(many.queue.items[3]!), 4);
  });

  it('filters: disagreement with the label by terminology, nothing recommended, with words why', async () => {
    const { many } = await extension();
    await annotatedFile();
    await vscode.commands.executeCommand('kedrec.queue.filter', 'label');
    assert.deepEqual(await ids(), ['Q-2']);
    assert.match(many.queue.items[0]!.reasons.get('label')!, /^Label colchicine; recommended /);
    assert.match(many.tree.view.title!, /Disagrees with label \(1\)/);
    await vscode.commands.executeCommand('kedrec.queue.filter', 'nothing');
    assert.deepEqual(await ids(), ['Q-3']);
    await vscode.commands.executeCommand('kedrec.queue.filter', 'low-confidence');
    const low = await ids();
    await setting('review.lowConfidence', 1);
    await until(async () => (await ids()).length > low.length, 'the threshold to count');
    await setting('review.lowConfidence', undefined);
  });

  it('goes to the record, accepts, rejects and skips, and counts', async () => {
    const { many } = await extension();
    const { file, editor } = await annotatedFile();
    const [first, second, , fourth] = many.queue.items;
    await vscode.commands.executeCommand('kedrec.queue.open', fourth);
    assert.equal(editor.selection.active.line, 3);
    await vscode.commands.executeCommand('kedrec.queue.accept', first);
    await vscode.commands.executeCommand('kedrec.queue.reject', second);
    await vscode.commands.executeCommand('kedrec.queue.skip', fourth);
    await until(() => many.queue.queue.reviewed === 3, 'three reviews');
    assert.deepEqual(many.queue.items.map(({ state }) => state), ['accepted', 'rejected', 'unreviewed', 'skipped']);
    await until(() => parseEvents(readFileSync(`${file}.kedrec.jsonl`, 'utf8')).events.filter(({ event }) => event === 'reviewed').length === 3, 'the reviews on disk');
  });

  it('merges a colleague\'s reviews, shows agreement with links, and a third person adjudicates', async () => {
    const { many, annotations } = await extension();
    const { file, editor } = await annotatedFile();
    const [first, second] = many.queue.items;
    const drugOf = (item: typeof first) => item!.annotation.recommendations[0]!.drug.id;
    for (const item of [first, second]) { await vscode.commands.executeCommand('kedrec.queue.accept', item); }
    await until(() => many.queue.queue.reviewed === 2, 'own reviews');
    const at = new Date().toISOString();
    const theirs: AnnotationEvent[] = [
      { event: 'reviewed', id: first!.annotation.id, at, reviewer: 'Ben', drug: drugOf(first), verdict: 'accepted' },
      { event: 'reviewed', id: second!.annotation.id, at, reviewer: 'Ben', drug: drugOf(second), verdict: 'rejected' },
    ];
    const other = `${file}.ben.kedrec.jsonl`;
    await until(() => parseEvents(readFileSync(`${file}.kedrec.jsonl`, 'utf8')).events.length >= 6, 'own events on disk');
    writeFileSync(other, readFileSync(`${file}.kedrec.jsonl`, 'utf8') + encodeEvents(theirs));
    await vscode.commands.executeCommand('kedrec.review.agreement');
    const report = await until(() => vscode.window.visibleTextEditors.find(({ document }) => document.uri.scheme === 'kedrec-report')?.document, 'the report');
    assert.match(report.getText(), /\| all +\| 2 +\| 0\.50 /);
    assert.match(report.getText(), /record Q-2, .*: Ann: accepted, Ben: rejected/);
    assert.equal((await vscode.commands.executeCommand<vscode.DocumentLink[]>('vscode.executeLinkProvider', report.uri)).length, 1);
    assert.equal(await vscode.commands.executeCommand('kedrec.review.merge', vscode.Uri.file(other)), 2);
    assert.equal(await vscode.commands.executeCommand('kedrec.review.merge', vscode.Uri.file(other)), 0, 'a second merge took something over');
    await vscode.window.showTextDocument(editor.document);
    await vscode.commands.executeCommand('kedrec.queue.filter', 'disagreement');
    await until(async () => (await ids()).join() === 'Q-2', 'the disagreement in the queue');
    assert.equal(many.queue.items[0]!.open?.length, 1);
    await reviewer('Cy');
    await annotations.review(second!.annotation.id, drugOf(second), { verdict: 'rejected', role: 'adjudicator' });
    await until(async () => (await ids()).length === 0, 'the adjudication to count');
    await vscode.commands.executeCommand('kedrec.queue.filter', 'all');
    await until(() => many.queue.items[1]?.state === 'adjudicated', 'the state');
  });

  it('reviews a file that is annotated without being open, through its sidecar', async () => {
    const { many, services } = await extension();
    const file = writeFile('closed.jsonl', records.map(record => `${JSON.stringify(record)}\n`).join(''));
    await many.batches.start(await fileSource(vscode.Uri.file(file), services.mappings), { confirmed: true });
    await until(() => many.queue.file?.uri.fsPath === file && many.queue.items.length === 4, 'the queue of the closed file');
    assert.equal(vscode.workspace.textDocuments.some(document => document.fileName === file && !document.isClosed), false);
    await vscode.commands.executeCommand('kedrec.queue.accept', many.queue.items[0]);
    await until(() => many.queue.queue.reviewed === 1, 'the review');
    assert.equal(parseEvents(readFileSync(`${file}.kedrec.jsonl`, 'utf8')).events.filter(({ event }) => event === 'reviewed').length, 1);
    await many.queue.needFacts(true);
    assert.equal(many.queue.lineOf(many.queue.items[2]!), 3);
  });

  it('pages through many cases', async () => {
    const { many } = await extension();
    const { file, editor } = await annotatedFile('many.jsonl');
    const [one] = parseEvents(readFileSync(`${file}.kedrec.jsonl`, 'utf8')).events;
    assert.ok(one?.event === 'annotated');
    const copies = Array.from({ length: 1200 }, (_, i) => ({ ...one, id: `copy-${i}`, anchor: { ...one.anchor, record: { index: 10 + i } } }));
    appendFileSync(`${file}.kedrec.jsonl`, encodeEvents(copies));
    await vscode.window.showTextDocument(editor.document);
    await until(() => many.queue.items.length === 1204, 'all cases', 30_000);
    assert.equal(many.tree.getChildren().length, 501);
    assert.match(String(many.tree.getTreeItem(many.tree.getChildren().at(-1)!).label), /Show 500 more/);
    await vscode.commands.executeCommand('kedrec.queue.more');
    assert.equal(many.tree.getChildren().length, 1001);
  });
});
