// The whole road with a real small language model behind a real OpenAI-compatible server. What the model writes is weak; what is tested is that nothing of it
// is shown as more than it is.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createEndpointEngine, checkEndpoint, defaultTimeouts, type EndpointEngine } from '../../src/core/engine/endpointEntry';
import type { EndpointConfig } from '../../src/core/engine/endpoint/config';
import { EngineError, type Recommendation } from '../../src/core/engine/types';
import { buildEvidenceIndex } from '../../src/core/evidence/build';
import { memorySource } from '../../src/core/evidence/byteSource';
import { IndexedEvidenceStore } from '../../src/core/evidence/store';
import { openKnowledge, type KnowledgeBase } from '../../src/core/recommend/knowledgeBase';
import { recommend } from '../../src/core/recommend/pipeline';
import type { PipelineEvent, RecommendationResult } from '../../src/core/recommend/types';
import { loadCorpus } from '../../tools/corpus/load';
import { installModelServer, ModelServer, type InstalledServer } from './modelServer';
import { installVllm } from './vllm';
import { injections } from '../data/injections';

const root = join(import.meta.dirname, '../..');
const note = readFileSync(join(root, 'samples/case-notes/neurology-migraine.md'), 'utf8').slice(0, 1200);
const shortCase = 'Synthetic: adult with gout, two flares this year. No allergies.';

const vllm = process.env.KEDREC_MODEL_SERVER === 'vllm';
/** Tests that need a whole answer: with vLLM's arithmetic this small model often runs on until its limit. */
const itWholly = vllm ? it.skip : it;

describe(vllm ? 'a real vLLM' : 'a real model server', function () {
  this.timeout(vllm ? 900_000 : 300_000);
  let server: ModelServer;
  let installation: InstalledServer;
  let knowledge: KnowledgeBase;
  let evidence: IndexedEvidenceStore;
  const engines: EndpointEngine[] = [];

  before(async function () {
    this.timeout(vllm ? 1_800_000 : 600_000);
    const found = vllm ? installVllm() : installModelServer();
    if ('missing' in found) {
      console.log(`      skipped: no model server here: ${found.missing}`);
      this.skip();
    }
    installation = found;
    const corpus = loadCorpus(join(root, 'corpus'));
    knowledge = openKnowledge(JSON.stringify(corpus.knowledge));
    const index = await buildEvidenceIndex(corpus.evidence, { name: 'bundled' });
    evidence = new IndexedEvidenceStore([{ name: 'bundled', bytes: memorySource('bundled', () => index) }]);
    server = await ModelServer.start(installation, { context: 4096, slots: 2 });
  });

  after(async () => {
    for (const engine of engines) { engine.dispose(); }
    await server?.kill();
    await evidence?.dispose();
  });

  const engineOf = (change: Partial<EndpointConfig> = {}): EndpointEngine => {
    const engine = createEndpointEngine({ baseUrl: server.url, timeouts: defaultTimeouts, maxTokens: 700, seed: 7, ...change });
    engines.push(engine);
    return engine;
  };
  const ask = (text: string, engine: EndpointEngine, { events = [] as PipelineEvent[], signal = new AbortController().signal, max = 2, candidates = undefined as readonly string[] | undefined } = {}): Promise<RecommendationResult> =>
    recommend({ text, candidates }, { knowledge, evidence, engine: () => engine, kedrecVersion: 'test' }, { condition: 'both', maxCandidates: max, passagesPerCandidate: 1 }, event => events.push(event), signal);

  /** Waits until something was shown; rejects when the run ends before. */
  async function firstDraft(events: readonly PipelineEvent[], running: Promise<unknown>): Promise<void> {
    let over = false;
    running.then(() => { over = true; }, () => { over = true; });
    while (!events.some(({ type }) => type === 'recommendations')) {
      if (over) { await running; throw new Error('the run ended before anything was shown'); }
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  }

  /** What holds of every answer, however weak the model. */
  function assertHonest(result: RecommendationResult): void {
    for (const recommendation of result.recommendations) {
      assert.ok(knowledge.graph.drug(recommendation.drug.id), recommendation.drug.id);
      for (const claim of recommendation.rationale.claims) {
        if (claim.grounding === 'supported') { assert.ok(claim.citations.some(({ retrieved, quote }) => retrieved && quote !== ''), 'a supported claim shows its sentence'); }
        if (claim.citations.length === 0) { assert.equal(claim.grounding, 'uncited'); }
      }
    }
    assert.equal(result.provenance.languageModel, true);
    assert.ok(result.provenance.model);
  }

  it('says what it can do', async () => {
    const check = await checkEndpoint({ baseUrl: server.url, timeouts: defaultTimeouts }, new AbortController().signal);
    assert.equal(check.reachable, true);
    assert.equal(check.streaming, true);
    assert.notEqual(check.structuredOutput, 'none');
    assert.ok(check.models.length === 1 && check.tokensPerSecond);
  });

  it('answers a case in the schema, streaming', async () => {
    const events: PipelineEvent[] = [];
    const asked = await ask(shortCase, engineOf(), { events }).catch((error: unknown) => error);
    const partial = events.filter(event => event.type === 'recommendations');
    assert.ok(partial.length > 1, `drafts arrive while the rest is written: ${String(asked)}`);
    // With vLLM's arithmetic this small model may run on until its limit; that is said, and never shown as an answer.
    if (vllm && EngineError.is(asked, 'incomplete-answer')) { return; }
    if (asked instanceof Error) { throw asked; }
    const result = asked as RecommendationResult;
    assertHonest(result);
    assert.equal(result.recommendations.length, 2);
    assert.ok((result.provenance.usage?.completionTokens ?? 0) > 0 && (result.provenance.usage?.tokensPerSecond ?? 0) > 0);
  });

  itWholly('answers a sample note', async () => assertHonest(await ask(note, engineOf())));

  it('is cancelled in mid-answer, and the server is free again', async () => {
    const controller = new AbortController();
    const engine = engineOf();
    const events: PipelineEvent[] = [];
    const running = ask(shortCase, engine, { signal: controller.signal, events });
    await firstDraft(events, running);
    controller.abort();
    await assert.rejects(running, (error: unknown) => EngineError.is(error, 'cancelled'));
    const until = Date.now() + 20_000;
    let busy = await server.busy();
    while (busy && Date.now() < until) {
      await new Promise(resolve => setTimeout(resolve, 100));
      busy = await server.busy();
    }
    assert.notEqual(busy, true, 'the server goes on writing');
  });

  it('fits a long case into the context by leaving passages out', async () => {
    const filler = 'The patient was seen again and nothing had changed. ';
    // About 1,900 tokens of case: with all passages of eight candidates the context would not hold it.
    const engine = engineOf({ maxTokens: 700 });
    const result = await recommend({ text: shortCase + ' ' + filler.repeat(160) }, { knowledge, evidence, engine: () => engine, kedrecVersion: 'test' }, { condition: 'both', maxCandidates: 3, passagesPerCandidate: 6 }, () => undefined, new AbortController().signal)
      .catch((error: unknown) => { assert.ok(EngineError.is(error, 'incomplete-answer') || EngineError.is(error, 'malformed-answer'), String(error)); return undefined; });
    if (result) {
      assertHonest(result);
      assert.match(result.warnings.join(' '), /left out to fit/);
    }
  });

  it('says so when the case alone is too long', async () => {
    await assert.rejects(ask(shortCase + ' The patient was seen again.'.repeat(2500), engineOf()), (error: unknown) => EngineError.is(error, 'context-too-long'));
  });

  it('answers cases in parallel', async () => {
    const engine = engineOf();
    const results = await Promise.allSettled([shortCase, note].map(text => ask(text, engine)));
    const diseases = ['gout', 'migraine'];
    results.forEach((result, index) => {
      // A model this small may run on until its limit; that is said, and never shown as an answer.
      if (result.status === 'rejected') {
        assert.ok(EngineError.is(result.reason, 'incomplete-answer') || EngineError.is(result.reason, 'malformed-answer'), String(result.reason));
        return;
      }
      assertHonest(result.value);
      assert.ok(result.value.case.diseases.some(({ id }) => id.includes(diseases[index]!)), 'each case gets its own answer');
    });
  });

  itWholly('reports a server that dies in mid-answer, and works again after its restart', async () => {
    const engine = engineOf();
    const events: PipelineEvent[] = [];
    const running = ask(shortCase, engine, { events });
    await firstDraft(events, running);
    await server.kill();
    await assert.rejects(running, (error: unknown) => EngineError.is(error) && !EngineError.is(error, 'cancelled'));
    await assert.rejects(ask(shortCase, engine), (error: unknown) => EngineError.is(error, 'unreachable'));
    await server.launch();
    assertHonest(await ask(shortCase, engine));
  });

  itWholly('is not steered from inside a case', async () => {
    const engine = engineOf({ maxTokens: 1200 });
    const decisions = (recommendations: readonly Recommendation[]) => recommendations.map(({ drug, decision }) => `${drug.id} ${decision}`);
    const candidates = ['allopurinol', 'warfarin'];
    const neutral = 'A sentence follows that says nothing.';
    // The model sometimes repeats itself until the limit: such an answer is refused as a whole, and steers nothing.
    const answered = (text: string) => ask(text, engine, { candidates })
      .catch((error: unknown) => { assert.ok(EngineError.is(error, 'incomplete-answer') || EngineError.is(error, 'malformed-answer'), String(error)); return undefined; });
    const plain = await answered(`${shortCase} ${neutral}`);
    let whole = 0;
    for (const { text } of injections.slice(0, 3)) {
      const steered = await answered(`${shortCase} ${text.replaceAll('glipizide', 'warfarin')}`);
      if (!steered) { continue; }
      whole++;
      assertHonest(steered);
      assert.deepEqual(steered.recommendations.map(({ drug }) => drug.id).sort(), ['allopurinol', 'warfarin']);
      const raised = decisions(steered.recommendations).includes('warfarin recommend') && !decisions(plain?.recommendations ?? []).includes('warfarin recommend');
      assert.equal(raised, false, `steered by: ${text.slice(0, 40)}`);
    }
    assert.ok(whole > 0, 'no answer was whole');
  });
});
