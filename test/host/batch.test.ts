import assert from 'node:assert/strict';
import { appendFileSync, copyFileSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { AnnotationEvent } from '../../src/core/dataset/annotationTypes';
import { parseEvents } from '../../src/core/dataset/sidecar';
import { documentSource, fileSource, isSource, type BatchSource } from '../../src/host/batch/batchSource';
import { extension, open, setting, until, writeFile } from './support';

const diseases = ['gout', 'type 2 diabetes', 'hypertension', 'asthma', 'migraine'];
const record = (i: number) => ({ id: `S-${i}`, text: `Synthetic ${i}: an adult with ${diseases[i % diseases.length]} asks for treatment.` });
const jsonl = (count: number, from = 0) => Array.from({ length: count }, (_, i) => `${JSON.stringify(record(from + i))}\n`).join('');
const eventsOf = (file: string): readonly AnnotationEvent[] => (existsSync(`${file}.kedrec.jsonl`) ? parseEvents(readFileSync(`${file}.kedrec.jsonl`, 'utf8')).events : []);
const idsOf = (file: string) => eventsOf(file).flatMap(event => (event.event === 'annotated' ? [event.anchor.record?.id] : []));

async function sourceOf(editor: vscode.TextEditor, selected = false): Promise<BatchSource> {
  const { services } = await extension();
  const source = documentSource(editor.document, selected ? editor.selections : undefined, services.mappings);
  assert.ok(isSource(source), 'message' in source ? source.message : '');
  return source;
}

describe('batch annotation', () => {
  afterEach(async () => {
    const { many } = await extension();
    many.batches.cancel();
    await until(() => many.batches.all.length === 0, 'batches to end');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('annotates a file above 50 MB without opening it', async function () {
    this.timeout(120_000);
    const { many, services } = await extension();
    const padding = 'x'.repeat(60_000);
    const lines = Array.from({ length: 900 }, (_, i) => JSON.stringify(i < 20 ? { ...record(i), padding } : { id: `N-${i}`, text: 'Synthetic: the weather was fine.', padding }));
    const file = writeFile('large.jsonl', `${lines.join('\n')}\n`);
    assert.ok(statSync(file).size > 50 * 1024 * 1024);
    const summary = await many.batches.start(await fileSource(vscode.Uri.file(file), services.mappings), { confirmed: true });
    assert.deepEqual([summary?.done, summary?.failed, summary?.total], [900, 0, 900]);
    assert.equal(new Set(idsOf(file)).size, 900);
    assert.ok(!vscode.workspace.textDocuments.some(({ uri }) => uri.fsPath === file), 'it was never opened');
  });

  it('annotates every record of the open file once; a second run asks for nothing', async () => {
    const { many, annotations } = await extension();
    const file = writeFile('notes.jsonl', jsonl(12));
    const editor = await open(file);
    const summary = await many.batches.start(await sourceOf(editor), { confirmed: true });
    assert.equal(summary?.done, 12);
    assert.deepEqual([...idsOf(file)].sort(), Array.from({ length: 12 }, (_, i) => `S-${i}`).sort());
    assert.equal(annotations.of(editor.document)?.all.length, 12);
    const again = await many.batches.start(await sourceOf(editor), { confirmed: true });
    assert.deepEqual([again?.done, again?.earlier], [0, 12]);
    assert.equal(idsOf(file).length, 12);
  });

  it('annotates the records that the selections touch, the second of two twins included', async () => {
    const { many } = await extension();
    const lines = jsonl(4).split('\n').slice(0, 4);
    const file = writeFile('twins.jsonl', [lines[0], lines[1], lines[0], lines[2], lines[3], ''].join('\n'));
    const editor = await open(file);
    editor.selections = [new vscode.Selection(0, 3, 0, 3)];
    await many.batches.start(await sourceOf(editor, true), { confirmed: true });
    assert.deepEqual(eventsOf(file).map(event => event.event === 'annotated' && event.anchor.record?.index), [0]);
    editor.selections = [new vscode.Selection(2, 0, 3, 5)];
    const summary = await many.batches.start(await sourceOf(editor, true), { confirmed: true });
    assert.equal(summary?.done, 2);
    assert.deepEqual(eventsOf(file).map(event => event.event === 'annotated' && event.anchor.record?.index).sort(), [0, 2, 3]);
  });

  it('annotates a dataset file that is not opened: broken records are listed with their line, the rest is done', async () => {
    const { many, services } = await extension();
    const file = writeFile('table.csv', 'id,text\r\nA,"An adult with gout,\nsecond line."\r\nB\r\nC,A child with asthma.\r\n');
    const summary = await many.batches.start(await fileSource(vscode.Uri.file(file), services.mappings), { confirmed: true });
    assert.deepEqual([summary?.done, summary?.skipped], [2, 1]);
    assert.equal(summary?.problems[0]?.line, 4);
    assert.deepEqual([...idsOf(file)].sort(), ['A', 'C']);
    await vscode.commands.executeCommand('kedrec.batch.report');
    const report = await until(() => vscode.window.visibleTextEditors.find(({ document }) => document.uri.scheme === 'kedrec-report')?.document, 'the report');
    assert.match(report.getText(), /2 annotated, 1 broken and skipped\.[^]*- line 4: .*fields/);
    const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>('vscode.executeLinkProvider', report.uri);
    assert.equal(links.length, 1);
    await vscode.commands.executeCommand('kedrec.queue.open', { uri: vscode.Uri.file(file).toString(), line: 4 });
    assert.equal(vscode.window.activeTextEditor?.document.fileName, file);
    assert.equal(vscode.window.activeTextEditor?.selection.active.line, 3);
  });

  it('pauses, resumes, cancels; what was answered stays, and the rest is done later', async () => {
    const { many } = await extension();
    await setting('batch.concurrency', 2);
    const file = writeFile('long.jsonl', jsonl(60));
    const editor = await open(file);
    const running = many.batches.start(await sourceOf(editor), { confirmed: true });
    const batch = await until(() => many.batches.of(editor.document.uri), 'the batch to begin');
    await until(() => batch.progress.done > 3, 'some answers');
    await vscode.commands.executeCommand('kedrec.batch.pause');
    await until(() => batch.progress.state === 'paused', 'the pause');
    await new Promise(resolve => setTimeout(resolve, 600));
    const at = batch.progress.done;
    await new Promise(resolve => setTimeout(resolve, 300));
    assert.equal(batch.progress.done, at, 'it went on while paused');
    assert.ok(at < 60);
    assert.equal(await many.batches.start(await sourceOf(editor), { confirmed: true }), undefined, 'two batches over one file');
    await vscode.commands.executeCommand('kedrec.batch.resume');
    await until(() => batch.progress.done > at, 'to go on');
    await vscode.commands.executeCommand('kedrec.batch.cancel');
    const summary = await running;
    assert.equal(summary?.cancelled, true);
    const rest = await many.batches.start(await sourceOf(editor), { confirmed: true });
    assert.equal(rest!.done + rest!.earlier, 60);
    assert.equal(new Set(idsOf(file)).size, 60);
    assert.equal(idsOf(file).length, 60, 'a record was annotated twice');
  });

  it('edits of the file while it is annotated move nothing to a wrong record', async () => {
    const { many, annotations } = await extension();
    const file = writeFile('edited.jsonl', jsonl(40));
    const editor = await open(file);
    const running = many.batches.start(await sourceOf(editor), { confirmed: true });
    const batch = await until(() => many.batches.of(editor.document.uri), 'the batch to begin');
    await until(() => batch.progress.done > 2, 'some answers');
    await editor.edit(edit => { edit.insert(new vscode.Position(0, 0), `${JSON.stringify(record(900))}\n`); edit.delete(new vscode.Range(39, 0, 40, 0)); });
    await running;
    const owner = annotations.of(editor.document)!;
    const placed = await until(() => { const standing = owner.all.filter(({ span }) => span); return standing.length === 39 ? standing : undefined; }, '39 annotations in their places');
    for (const one of placed) {
      const text = editor.document.getText(owner.rangeOf(one));
      assert.equal(JSON.parse(text).id, one.annotation.anchor.record?.id);
    }
  });

  it('an append of another window to the same sidecar harms nothing', async () => {
    const { many, annotations } = await extension();
    const file = writeFile('shared.jsonl', jsonl(20));
    const editor = await open(file);
    const running = many.batches.start(await sourceOf(editor), { confirmed: true });
    const batch = await until(() => many.batches.of(editor.document.uri), 'the batch to begin');
    await until(() => idsOf(file).length > 0, 'a first answer on disk');
    const [first] = eventsOf(file);
    appendFileSync(`${file}.kedrec.jsonl`, `${JSON.stringify({ event: 'reviewed', id: first!.id, at: new Date().toISOString(), reviewer: 'Other window', drug: 'colchicine', verdict: 'accepted' })}\n`);
    await running;
    assert.equal(batch.progress.done, 20);
    assert.deepEqual(parseEvents(readFileSync(`${file}.kedrec.jsonl`, 'utf8')).problems, []);
    await until(() => annotations.find(first!.id)?.placed.annotation.reviews.get('colchicine')?.length === 1, 'the review of the other window');
  });

  it('failed records are listed, stay failed, and are asked again on request', async () => {
    const { many } = await extension();
    const file = writeFile('failing.jsonl', jsonl(2) + `${JSON.stringify({ id: 'long', text: `gout ${'x'.repeat(100_001)}` })}\n`);
    const editor = await open(file);
    const summary = await many.batches.start(await sourceOf(editor), { confirmed: true });
    assert.deepEqual([summary?.done, summary?.failed, summary?.failures?.[0]?.reason, summary?.failures?.[0]?.line], [2, 1, 'case-too-long', 3]);
    const again = await many.batches.start(await sourceOf(editor), { confirmed: true });
    assert.deepEqual([again?.done, again?.failed, again?.failedBefore], [0, 1, 1]);
    await until(() => many.queue.queue.counts.get('failed') === 1, 'the failure in the queue');
    await editor.edit(edit => edit.replace(new vscode.Range(2, 0, 2, editor.document.lineAt(2).text.length), JSON.stringify({ id: 'long', text: 'An adult with gout.' })));
    const mended = await many.batches.start(await sourceOf(editor), { confirmed: true, retryFailed: true });
    assert.equal(mended?.done, 1);
  });

  it('the extension host answers while a batch runs', async () => {
    const { many } = await extension();
    const file = writeFile('busy.jsonl', jsonl(60, 500));
    const editor = await open(file);
    const running = many.batches.start(await sourceOf(editor), { confirmed: true });
    await until(() => many.batches.of(editor.document.uri), 'the batch to begin');
    let worst = 0;
    for (let last = performance.now(); many.batches.of(editor.document.uri); last = performance.now()) {
      await new Promise(resolve => setTimeout(resolve, 10));
      worst = Math.max(worst, performance.now() - last);
    }
    await running;
    console.log(`longest wait of the extension host during a batch: ${worst.toFixed(0)} ms`);
    assert.ok(worst < 1500, `the extension host stood still for ${worst.toFixed(0)} ms`);
  });

  it('says what to do where there is nothing to annotate', async () => {
    const { services } = await extension();
    const editor = await open(writeFile('empty.jsonl', '\n\n'));
    const source = documentSource(editor.document, undefined, services.mappings);
    assert.ok(!isSource(source));
    assert.match(source.message, /holds no record/);
  });

  describe('on real records', function () {
    this.timeout(180_000);
    const data = process.env['KEDREC_TEST_DATA'] ?? '../shared/data';
    const notes = join(data, 'clinical-notes');
    const reports = join(data, 'e3c-case-reports');

    /** Every record is annotated once, or is listed with its line. */
    async function annotateCopy(name: string, make: (file: string) => void, expected: number): Promise<void> {
      const { many, services } = await extension();
      const file = writeFile(name, '');
      make(file);
      const summary = await many.batches.start(await fileSource(vscode.Uri.file(file), services.mappings), { confirmed: true });
      const ids = eventsOf(file).flatMap(event => (event.event === 'annotated' ? [event.anchor.record?.index] : []));
      const empty = eventsOf(file).filter(event => event.event === 'annotated' && event.result.recommendations.length === 0).length;
      console.log(`${name}: ${summary?.done} annotated (${summary?.reused} reused, ${empty} without a recommendation), ${summary?.failed} failed, ${summary?.skipped} skipped, ${summary?.problemCount} problems`);
      assert.equal(summary!.done + summary!.failed + summary!.skipped, expected);
      assert.equal(new Set(ids).size, ids.length, 'a record was annotated twice');
      assert.equal(ids.length, summary!.done);
    }

    for (const [name, path, expected] of [['aci-bench-valid.csv', 'aci-bench/valid.csv', 20], ['mts-dialog-validation.csv', 'mts-dialog/MTS-Dialog-ValidationSet.csv', 100]] as const) {
      it(name, async function () {
        if (!existsSync(join(notes, path))) { console.log(`skipped: no real records in ${data}; set KEDREC_TEST_DATA`); this.skip(); }
        await annotateCopy(name, file => copyFileSync(join(notes, path), file), expected);
      });
    }

    it('E3C case reports', async function () {
      if (!existsSync(reports)) { console.log(`skipped: no real records in ${data}; set KEDREC_TEST_DATA`); this.skip(); }
      const names = readdirSync(reports).filter(name => /^EN\d+\.json$/.test(name)).slice(0, 30);
      await annotateCopy('e3c.jsonl', file => { for (const name of names) { appendFileSync(file, `${JSON.stringify({ id: name, text: (JSON.parse(readFileSync(join(reports, name), 'utf8')) as { text: string }).text })}\n`); } }, names.length);
    });
  });
});
