import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { allProblems, detailsText, type BuiltIndex } from '../../src/host/evidence/buildIndex';
import { BuildFailedError, runBuild } from '../../src/host/evidence/buildProcess';
import { mappingsFor } from '../../src/host/evidence/fieldMapping';
import { itemsOf, removeIndex } from '../../src/host/evidence/manageIndexes';
import type { Services } from '../../src/host/services';
import { extension, until, writeFile } from './support';

// Synthetic: the drugs, diseases and findings are invented.
const records = [
  { _id: 'SYN-1', title: 'Zorvaxil in quibbler fever', text: 'Synthetic. Zorvaxil shortened quibbler fever in forty invented patients.' },
  { _id: 'SYN-2', title: 'Plimdorane in quibbler fever', text: 'Synthetic. Plimdorane did not help against quibbler fever.' },
  { _id: 'SYN-2', title: 'Plimdorane in quibbler fever, again', text: 'Synthetic. Plimdorane did not help against quibbler fever in a second look.' },
];
const lines = (values: readonly unknown[]): string => values.map(value => `${JSON.stringify(value)}\n`).join('');

async function services(): Promise<Services> {
  await extension();
  return (vscode.extensions.getExtension('kedrec.kedrec')!.exports as { services: Services }).services;
}

const build = (uris: readonly vscode.Uri[], target?: vscode.Uri): Thenable<BuiltIndex | undefined> => vscode.commands.executeCommand('kedrec.evidence.buildIndex', uris, target);
const hidden = (folder: string): string[] => readdirSync(folder).filter(name => name.startsWith('.kedrec'));

/** Text of an evidence document; `view` keeps VS Code from showing an earlier one again. */
async function shown(id: string, view: string): Promise<string> {
  return (await vscode.workspace.openTextDocument(vscode.Uri.from({ scheme: 'kedrec-evidence', path: `/${view}.md`, query: id }))).getText();
}

async function found(shared: Services, id: string): Promise<boolean> {
  return (await shared.evidence().search({ text: 'zorvaxil quibbler fever', limit: 5 })).some(({ header }) => header.id === id);
}

describe('indexes', function () {
  this.timeout(60_000);
  const removeAll = async (): Promise<void> => {
    const shared = await services();
    for (const { path } of shared.indexes.all) { await removeIndex(shared, path, true); }
  };
  afterEach(removeAll);

  it('builds an index that search uses at once, and forgets it when it is removed', async () => {
    const shared = await services();
    assert.equal(await found(shared, 'SYN-1'), false);
    const built = await build([vscode.Uri.file(writeFile('quibbler.jsonl', `${lines(records)}{broken\n`))]);
    assert.ok(built);
    assert.equal(built.file, join(shared.indexFolder, 'quibbler.kdx'));
    assert.deepEqual({ ...built.report, problems: built.report.problems.length }, { documents: 2, passages: 2, duplicates: 1, skipped: 1, files: '1 beir', reasons: ['1 x broken JSON'], problems: 1, moreProblems: false });
    const details = detailsText([], built.file, built.report, built.report.problems);
    assert.match(details, /quibbler\.jsonl \(record 4, line 4\): skipped: broken JSON/);
    assert.equal(await found(shared, 'SYN-1'), true);
    assert.match(await shown('SYN-2', 'built'), /in a second look/);
    assert.match(await shown('KG:colchicine', 'bundled'), /^# Colchicine/);
    const item = (await itemsOf(shared)).find(({ index }) => index?.path === built.file);
    assert.match(item?.detail ?? '', /^2 documents \u00b7 2 passages \u00b7 \d+ kB \u00b7 \d{4}-\d\d-\d\d \u00b7 licences: none stated$/);

    await removeIndex(shared, built.file, true);
    assert.equal(existsSync(built.file), false);
    assert.equal(await found(shared, 'SYN-1'), false);
    assert.match(await shown('SYN-2', 'removed'), /No evidence index holds this document/);
  });

  it('writes to the file that was named, and keeps a file outside the storage when it is removed', async () => {
    const shared = await services();
    const source = writeFile('named.jsonl', lines(records));
    const target = join(dirname(source), 'mine.kdx');
    const built = await build([vscode.Uri.file(dirname(source))], vscode.Uri.file(target));
    assert.equal(built?.file, target);
    assert.deepEqual(hidden(dirname(target)), []);
    assert.equal(await found(shared, 'SYN-1'), true);
    await removeIndex(shared, target, true);
    assert.equal(existsSync(target), true);
    await shared.checkIndex(target);
  });

  it('skips an index whose file is missing', async () => {
    const shared = await services();
    const source = writeFile('lost.jsonl', lines(records));
    const built = await build([vscode.Uri.file(source)], vscode.Uri.file(join(dirname(source), 'lost.kdx')));
    assert.ok(built);
    renameSync(built.file, `${built.file}.moved`);
    await shared.indexes.add({ name: 'other', path: join(dirname(source), 'never.kdx') });
    assert.deepEqual(shared.indexes.available(), []);
    assert.equal(shared.indexes.all.length, 2);
    assert.equal(await found(shared, 'SYN-1'), false);
    assert.match((await itemsOf(shared)).find(({ index }) => index?.path === built.file)?.detail ?? '', /\$\(error\).*lost\.kdx/);
  });

  it('goes on without an index that is damaged, and with it again when it is rebuilt', async () => {
    const shared = await services();
    const source = writeFile('whole.jsonl', lines(records));
    const built = await build([vscode.Uri.file(source)]);
    const bad = join(dirname(source), 'bad.kdx');
    for (const content of ['no index at all', readFileSync(built!.file).subarray(0, 400), Buffer.concat([readFileSync(built!.file).subarray(0, -60), Buffer.alloc(60)])]) {
      writeFileSync(bad, content);
      await shared.indexes.add({ name: 'bad', path: bad });
      assert.equal(await found(shared, 'SYN-1'), true);
      assert.equal((await shared.evidence().search({ text: 'gout colchicine', limit: 3 })).length, 3);
      assert.match((await itemsOf(shared)).find(({ index }) => index?.path === bad)?.detail ?? '', content.length > 500 ? /documents/ : /\$\(error\).*bad\.kdx/);
    }
    assert.ok(await build([vscode.Uri.file(source)], vscode.Uri.file(bad)));
    assert.equal(await found(shared, 'SYN-1'), true);
  });

  it('leaves nothing behind when it is cancelled or when no document can be read', async () => {
    const shared = await services();
    const many = Array.from({ length: 20_000 }, (_, i) => ({ ...records[0], _id: `SYN-${i}` }));
    const source = writeFile('many.jsonl', lines(many));
    const folder = dirname(source);
    const stop = new AbortController();
    const told: string[] = [];
    const output = join(folder, 'many.kdx');
    const running = runBuild(shared.commandLine, { inputs: [source], output, name: 'many' }, text => { told.push(text); stop.abort(); }, stop.signal);
    await assert.rejects(running, { name: 'AbortError' });
    assert.match(told[0] ?? '', /^reading \d+\/1 files, \d+ %, \d+ documents$/);
    assert.deepEqual(readdirSync(folder), ['many.jsonl']);

    const empty = writeFile('empty.jsonl', '{broken\n');
    const failed: unknown = await runBuild(shared.commandLine, { inputs: [empty], output, name: 'empty' }, () => undefined, new AbortController().signal).catch((error: unknown) => error);
    assert.ok(failed instanceof BuildFailedError);
    assert.match(failed.message, /^No document could be read/);
    assert.equal(failed.report.problems.length, 1);
    assert.deepEqual(readdirSync(folder), ['many.jsonl']);
    assert.equal(await build([vscode.Uri.file(empty)]), undefined);
    assert.equal(await build([vscode.Uri.file(join(folder, 'none.jsonl'))]), undefined);
    assert.deepEqual(shared.indexes.all, []);
  });

  it('lists every skipped record, also when the build tells only the first', async () => {
    const shared = await services();
    const source = writeFile('broken.jsonl', `${lines(records)}${'{broken\n'.repeat(1030)}`);
    const built = await build([vscode.Uri.file(source)]);
    assert.ok(built);
    assert.equal(built.report.skipped, 1030);
    assert.equal(built.report.problems.length, 1000);
    assert.equal(built.report.moreProblems, true);
    const problems = await allProblems([source], {});
    assert.equal(problems.length, 1030);
    assert.equal(problems[0], built.report.problems[0]);
    assert.equal(await found(shared, 'SYN-1'), true);
  });

  it('asks for the fields that cannot be guessed, and remembers the answer', async () => {
    const kept = new Map<string, unknown>();
    const memory = { keys: () => [...kept.keys()], get: (name: string, fallback?: unknown) => kept.get(name) ?? fallback, update: (name: string, value: unknown) => { kept.set(name, value); return Promise.resolve(); } } as vscode.Memento;
    assert.deepEqual(await mappingsFor([writeFile('known.csv', 'id,title,text\n1,Zorvaxil,Synthetic.\n')], memory), {});
    const source = writeFile('unknown.csv', 'wording,heading\n"Synthetic. Zorvaxil shortened quibbler fever.",Zorvaxil\n');
    const other = writeFile('other.csv', 'says\n"Synthetic. Plimdorane did not help."\n');
    for (const round of ['asked', 'remembered']) {
      let done = false;
      const asked = mappingsFor([source, other], memory).finally(() => { done = true; });
      // Accepts the first entry of each list; in the last one it is ticked before.
      while (!done) {
        await new Promise(resolve => setTimeout(resolve, 300));
        if (done) { break; }
        await vscode.commands.executeCommand('quickInput.first');
        await vscode.commands.executeCommand('workbench.action.quickPickManyToggle');
        await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      }
      assert.deepEqual(await asked, { [source]: { id: 'wording', title: 'wording', text: 'wording' }, [other]: { id: 'says', title: 'says', text: 'says' } }, round);
    }
  });

  it('lets a search end that was under way when the list changed', async () => {
    const shared = await services();
    const before = shared.evidence();
    const search = before.search({ text: 'gout', limit: 1 });
    assert.ok(await build([vscode.Uri.file(writeFile('during.jsonl', lines(records)))]));
    assert.notEqual(shared.evidence(), before);
    assert.equal((await search).length, 1);
    assert.equal((await before.search({ text: 'gout', limit: 1 })).length, 1);
    await until(() => found(shared, 'SYN-1'), 'the new index to be searched');
  });
});
