import assert from 'node:assert/strict';
import { readAnswer } from '../../src/core/engine/answer/readAnswer';
import type { CapabilityMemory } from '../../src/core/engine/endpoint/capability';
import { createEndpointEngine } from '../../src/core/engine/endpointEntry';
import { builtInTemplate, builtInVersions } from '../../src/core/engine/prompts/builtIn';
import type { EngineAnswer, EngineRequest } from '../../src/core/engine/types';
import { makeConfig, makeRequest } from './fixture';
import { recordFrom, recordings, requestKey, startReplayServer } from './recordedServer';

const forgetful: CapabilityMemory = { get: () => undefined, set: () => undefined };
const noEvidence = makeRequest({ background: { condition: 'none', passages: [], omitted: 0 } });
const cases: readonly (readonly [name: string, request: EngineRequest, version: (typeof builtInVersions)[number]])[] = [
  ...builtInVersions.map((version) => [version, makeRequest(), version] as const),
  [`${builtInVersions[0]}-no-evidence`, noEvidence, builtInVersions[0]],
];

/** Answers of a real small model (see `model` in each file) to synthetic cases. */
describe('endpoint: recorded answers', function () {
  this.timeout(recordFrom() ? 900_000 : 10_000);

  for (const [name, request, version] of cases) {
    it(`${name}: the prompt is the one that was recorded, and the model's answer is read`, async () => {
      const server = await startReplayServer(name);
      const patience = { connectMs: 5000, firstTokenMs: 600_000, idleMs: 600_000 };
      const engine = createEndpointEngine(makeConfig(server.url, {
        model: 'recorded', apiKey: undefined, seed: 7, maxTokens: 1200, template: builtInTemplate(version), memory: forgetful, contextTokens: 8192, timeouts: patience,
      }));
      let answer: EngineAnswer | undefined;
      let failure: unknown;
      try {
        answer = await engine.recommend(request, () => undefined, new AbortController().signal);
      } catch (error) {
        failure = error;
      } finally {
        engine.dispose();
        await server.close();
      }
      assert.deepEqual(server.problems, [], server.problems.join('\n'));
      assert.ok(answer, String(failure));
      assert.deepEqual(answer.drafts.map(({ drugId }) => drugId).sort(), ['empagliflozin', 'glipizide', 'metformin']);
      assert.ok((answer.usage?.promptTokens ?? 0) > 500 && (answer.usage?.completionTokens ?? 0) > 50);
    });
  }

  it('are keyed by their content, and hold nothing but what was sent and answered', () => {
    const all = [...recordings().values()];
    assert.ok(all.length >= cases.length);
    for (const recording of all) {
      assert.equal(recording.key, requestKey(recording.request), recording.name);
      assert.ok(!/authorization|sk-secret|\/home\/|\/tmp\//i.test(JSON.stringify(recording)), recording.name);
    }
    assert.ok(cases.every(([name]) => all.some((recording) => recording.name === name)));
    assert.equal(readAnswer('{}', []).errors.length, 1);
  });

  it('fail with the name of the prompt that changed and its first difference', async () => {
    if (recordFrom()) { return; }
    const server = await startReplayServer(builtInVersions[0]);
    const engine = createEndpointEngine(makeConfig(server.url, { model: 'recorded', seed: 7, maxTokens: 1200, contextTokens: 8192, memory: forgetful, template: { ...builtInTemplate(), system: builtInTemplate().system.replace('biomedical', 'other') } }));
    await engine.recommend(makeRequest(), () => undefined, new AbortController().signal).catch(() => undefined);
    engine.dispose();
    await server.close();
    assert.match(server.problems[0] ?? '', /"recommend\.v2".*First difference:\n- .*biomedical.*\n\+ .*other/s);
  });
});
