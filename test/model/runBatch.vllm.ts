// Past one machine: requests that the export writes, answered by the real `vllm run-batch`, and imported.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AnswerFiles } from '../../src/core/dataset/batch/answerFiles';
import { exportRequests } from '../../src/core/dataset/batch/exportRequests';
import { askAnswers, exported, Manifest } from '../../src/core/dataset/batch/importAnswers';
import { manifestName, type ManifestHead } from '../../src/core/dataset/batch/manifest';
import { RequestFiles } from '../../src/core/dataset/batch/requestFiles';
import { runBatch } from '../../src/core/dataset/batch/runBatch';
import { buildEvidenceIndex } from '../../src/core/evidence/build';
import { memorySource } from '../../src/core/evidence/byteSource';
import { IndexedEvidenceStore } from '../../src/core/evidence/store';
import { openKnowledge } from '../../src/core/recommend/knowledgeBase';
import { loadCorpus } from '../../tools/corpus/load';
import { line, MemorySink, nobody, recordsOf } from '../unit/dataset/batch/support';
import { installVllm, runBatchCommand } from './vllm';

const contextTokens = 3000;
const filler = 'The patient was seen again and nothing had changed. ';
const cases = [
  line('Synthetic: adult with gout, two flares this year. No allergies.', { id: 'a' }),
  line('Synthetic: adult with migraine, four attacks a month.', { id: 'b' }),
  line(`Synthetic: adult with gout. ${filler.repeat(400)}`, { id: 'too long for the context' }),
];

describe('vllm run-batch', function () {
  this.timeout(900_000);
  let folder: string;
  before(function () {
    this.timeout(1_800_000);
    const found = installVllm();
    if ('missing' in found) {
      console.log(`      skipped: no vLLM here: ${found.missing}`);
      this.skip();
    }
    folder = mkdtempSync(join(tmpdir(), 'kedrec-vllm-'));
  });
  after(() => { if (folder) { rmSync(folder, { recursive: true, force: true }); } });

  it('answers what was exported, and says why where it does not', async () => {
    const corpus = loadCorpus(join(import.meta.dirname, '../../corpus'));
    const knowledge = openKnowledge(JSON.stringify(corpus.knowledge));
    const index = await buildEvidenceIndex(corpus.evidence, { name: 'bundled' });
    const evidence = new IndexedEvidenceStore([{ name: 'bundled', bytes: memorySource('bundled', () => index) }]);
    const { signal } = new AbortController();
    const [requests, replies] = [join(folder, 'requests.jsonl'), join(folder, 'answers.jsonl')];
    const context = { knowledge, evidence, kedrecVersion: 'test' };
    const head: ManifestHead = {
      schema: 'kedrec.batch/1', file: 'cases.jsonl', condition: 'both', maxCandidates: 2, passagesPerCandidate: 1, model: 'smollm2', answerFormat: 'json_schema_bounded', maxTokens: 400,
      kedrecVersion: 'test', knowledgeVersion: knowledge.graph.version, indexes: (await evidence.info()).map(({ name, version }) => `${name}@${version}`), deidentified: false,
    };
    const files = await RequestFiles.create(requests, manifestName(requests));
    await exportRequests(recordsOf(cases), head, context, files, { signal });
    await files.finish();

    const { program, args, env } = runBatchCommand(requests, replies, contextTokens);
    const ran = spawnSync(program, args, { encoding: 'utf8', timeout: 800_000, env: { ...process.env, ...env } });
    assert.equal(ran.status, 0, ran.stderr.slice(-1000));
    assert.equal(readFileSync(replies, 'utf8').trim().split('\n').length, 3);

    const manifest = await Manifest.open(manifestName(requests));
    const answers = await AnswerFiles.open([replies], id => manifest.isRequest(id), signal);
    assert.equal(answers.problemCount, 0);
    const sink = new MemorySink();
    const summary = await runBatch(exported(recordsOf(cases), manifest, { count: 0 }), askAnswers(manifest, answers, context), sink, nobody, { concurrency: 2 }, () => undefined).finished;
    const reasons = new Map(summary.failures?.map(({ id, reason }) => [id, reason]));
    assert.equal(reasons.get('too long for the context'), 'context-too-long');
    // A model this small may run on until its limit; that is said, and never shown as an answer.
    for (const id of ['a', 'b']) { assert.match(reasons.get(id) ?? 'incomplete-answer', /^(?:incomplete|malformed)-answer$/); }
    assert.ok(summary.done + reasons.size === 3);
    await answers.close();
    await manifest.close();
    await evidence.dispose();
  });
});
