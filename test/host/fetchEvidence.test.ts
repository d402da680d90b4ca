import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import * as vscode from 'vscode';
import { fetchEvidence, refreshIndex, showOrigin, type FetchPlan } from '../../src/host/evidence/fetchEvidence';
import { askQuestion } from '../../src/host/evidence/fetchQuestion';
import { chooseSources } from '../../src/host/evidence/fetchSources';
import { itemsOf, removeIndex } from '../../src/host/evidence/manageIndexes';
import type { Services } from '../../src/host/services';
import { startLiveServer, syntheticServices, type LiveServer } from '../live/server.mjs';
import { cursorAt, extension, goutNote, open, setting, writeFile } from './support';

async function services(): Promise<Services> {
  await extension();
  return (vscode.extensions.getExtension('kedrec.kedrec')!.exports as { services: Services }).services;
}

/** A workspace whose user has agreed to every host. */
const agreed = { keys: () => [], get: (name: string) => name.startsWith('kedrec.mayAsk.'), update: () => Promise.resolve() } as unknown as vscode.Memento;
const plan: FetchPlan = { question: { disease: 'quibbler fever', drug: 'zorvaxil' }, sources: ['clinicaltrials', 'openfda'] };

/** Does `act` every 300 ms until `running` has ended. */
async function meanwhile<T>(running: Promise<T>, act: () => Thenable<unknown>): Promise<T> {
  let done = false;
  void running.finally(() => { done = true; }).catch(() => undefined);
  for (const end = Date.now() + 30_000; !done; ) {
    assert.ok(Date.now() < end, 'it goes on');
    await new Promise(resolve => setTimeout(resolve, 300));
    if (!done) { await act(); }
  }
  return running;
}
const accept = (): Thenable<unknown> => vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');

describe('fetching evidence', function () {
  this.timeout(60_000);
  let server: LiveServer;
  let shared: Services;

  before(async () => {
    shared = await services();
    server = await startLiveServer(syntheticServices());
    await setting('fetch.baseUrls', server.baseUrls);
  });
  after(async () => {
    await setting('fetch.baseUrls', undefined);
    await server.stop();
  });
  afterEach(async () => {
    for (const { path } of shared.indexes.all) { await removeIndex(shared, path, true); }
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('makes an index that search uses, tells what was asked, and fetches it again', async () => {
    const made = await fetchEvidence(shared, agreed, plan);
    assert.ok(made);
    assert.deepEqual([made.report.documents, made.origin.requests.length, made.origin.disease], [9, 4, 'quibbler fever']);
    const hits = await shared.evidence().search({ text: 'zorvaxil quibbler fever', limit: 30 });
    const fetched = hits.filter(({ header }) => /^(NCT9000000|SPL:0{8})/.test(header.id));
    assert.deepEqual(new Set(fetched.map(({ header }) => header.source)), new Set(['trials', 'labels']));
    const item = (await itemsOf(shared)).find(({ index }) => index?.path === made.file);
    assert.match(item?.detail ?? '', /^9 documents .* fetched \d{4}-\d\d-\d\d: ClinicalTrials\.gov 7 of 7, openFDA 2 of 2 /);
    assert.deepEqual(item?.buttons?.map(({ tooltip }) => tooltip), ['Fetch Again', 'Show What Was Asked', 'Reveal in File Manager', 'Remove from List']);
    await showOrigin(made.file, made.report, made.origin);
    assert.match(vscode.window.activeTextEditor?.document.getText() ?? '', /Disease: quibbler fever\nDrug: zorvaxil\n.*query {3}query\.cond=quibbler fever & query\.intr=zorvaxil/s);
    const asked = server.requests.length;
    const again = await refreshIndex(shared, agreed, made.file, made.origin);
    assert.deepEqual([again?.file, again?.report.documents, server.requests.length], [made.file, 9, 2 * asked]);
    assert.equal(shared.indexes.all.length, 1);
  });

  it('uses saved answers when the network is gone, and writes nothing without them', async () => {
    assert.ok(await fetchEvidence(shared, agreed, plan));
    await setting('fetch.baseUrls', { clinicaltrials: server.baseUrls.clinicaltrials, openfda: 'http://127.0.0.1:9/fda' });
    const asked = server.requests.length;
    assert.equal(await fetchEvidence(shared, agreed, { question: { disease: 'never asked' }, sources: ['openfda'], offline: true }), undefined);
    const saved = await fetchEvidence(shared, agreed, { ...plan, sources: ['clinicaltrials'], offline: true });
    assert.deepEqual([saved?.report.documents, server.requests.length], [7, asked]);
    await setting('fetch.baseUrls', server.baseUrls);
  });

  it('ignores addresses that a workspace sets', async () => {
    await vscode.workspace.getConfiguration('kedrec.fetch').update('baseUrls', { openfda: 'http://127.0.0.1:9/evil' }, vscode.ConfigurationTarget.Workspace).then(undefined, () => undefined);
    const made = await fetchEvidence(shared, agreed, { ...plan, sources: ['openfda'] });
    assert.equal(made?.report.documents, 2);
  });

  it('sends nothing before the user agrees', async () => {
    const asked = server.requests.length;
    const wary = { ...agreed, get: () => undefined } as unknown as vscode.Memento;
    const answer = await Promise.race([fetchEvidence(shared, wary, { ...plan, question: { disease: 'other fever' } }), new Promise(resolve => setTimeout(() => resolve('waiting'), 1500))]);
    assert.ok(answer === 'waiting' || answer === undefined);
    assert.equal(server.requests.length, asked);
  });

  it('offers the disease of the case at the cursor, and no drug', async () => {
    cursorAt(await open(writeFile('gout.md', goutNote)), 'flare');
    assert.deepEqual(await meanwhile(askQuestion(shared), accept), { disease: 'gout' });
  });

  it('counts before it fetches, and takes what has records', async () => {
    let chosen: Awaited<ReturnType<typeof chooseSources>>;
    const running = chooseSources(shared, plan.question);
    await new Promise(resolve => setTimeout(resolve, 4000));
    chosen = await meanwhile(running, accept);
    assert.deepEqual(chosen, { sources: ['clinicaltrials', 'pubmed', 'europepmc', 'openfda'] });
    const none = chooseSources(shared, { disease: 'gout' });
    await new Promise(resolve => setTimeout(resolve, 4000));
    chosen = await meanwhile(none, accept);
    assert.ok(!chosen?.sources.includes('openfda'), 'nothing found there');
  });

  it('does not leave an empty choice when no service can be reached', async () => {
    const dead = 'http://127.0.0.1:9/x';
    await setting('fetch.baseUrls', { clinicaltrials: dead, pubmed: dead, europepmc: dead, openfda: dead });
    await assert.rejects(chooseSources(shared, plan.question), { name: 'LiveSourceError', reason: 'network' });
    await setting('fetch.baseUrls', server.baseUrls);
  });

  it('leaves nothing behind when the build cannot use what came', async () => {
    server.faults.push({ path: '/fda', status: 200, body: '{"meta":{"results":{"total":1}},"results":[{"set_id":"x","openfda":{"brand_name":["Names only"]}}]}' });
    assert.equal(await fetchEvidence(shared, agreed, { question: { disease: 'quibbler names' }, sources: ['openfda'] }), undefined);
    assert.deepEqual(shared.indexes.all.filter(({ path }) => existsSync(path)), []);
  });
});
