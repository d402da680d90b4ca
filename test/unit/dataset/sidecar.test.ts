import assert from 'node:assert/strict';
import type { AnnotatedEvent, AnnotationEvent } from '../../../src/core/dataset/annotationTypes';
import { appendix, encodeEvents, foldEvents, parseEvents, sidecarName } from '../../../src/core/dataset/sidecar';

const at = '2026-01-01T00:00:00.000Z';
const annotated: AnnotatedEvent = {
  event: 'annotated', id: 'a1', at,
  anchor: { start: 3, length: 4, sha256: 'a'.repeat(64), rolling: 9 },
  result: {
    schema: 'kedrec.recommendation/1', engine: 'evidence', case: { diseases: [], drugs: [], allergies: [], textLength: 4 }, recommendations: [], warnings: [],
    provenance: { engine: 'evidence', languageModel: false, condition: 'both', knowledgeVersion: 'k', indexes: [], kedrecVersion: '0', createdAt: at, durationMs: 1 },
  },
};
const review = (verdict: 'accepted' | 'rejected', reviewer = 'r1'): AnnotationEvent => ({ event: 'reviewed', id: 'a1', at, reviewer, drug: 'd1', verdict });

describe('sidecar', () => {
  it('is named after its file', () => assert.equal(sidecarName('case.md'), 'case.md.kedrec.jsonl'));

  it('round-trips events', () => {
    const events = [annotated, review('accepted')];
    assert.deepEqual(parseEvents(encodeEvents(events)), { events, problems: [] });
  });

  it('folds reviews: the latest of each reviewer stands, undo brings the one before back', () => {
    const verdicts = (events: AnnotationEvent[]) => foldEvents([annotated, ...events])[0]?.reviews.get('d1')?.map(r => `${r.reviewer}:${r.verdict}`);
    const undo: AnnotationEvent = { event: 'review-undone', id: 'a1', at, reviewer: 'r1', drug: 'd1' };
    assert.deepEqual(verdicts([review('accepted'), review('rejected')]), ['r1:rejected']);
    assert.deepEqual(verdicts([review('accepted'), review('rejected'), undo]), ['r1:accepted']);
    assert.deepEqual(verdicts([review('accepted'), review('rejected', 'r2'), undo]), ['r2:rejected']);
    assert.deepEqual(verdicts([review('accepted'), undo, undo, undo]), []);
  });

  it('moves and removes', () => {
    const anchor = { ...annotated.anchor, start: 40 };
    assert.equal(foldEvents([annotated, { event: 'moved', id: 'a1', at, anchor }])[0]?.anchor.start, 40);
    assert.deepEqual(foldEvents([annotated, { event: 'removed', id: 'a1', at }]), []);
  });

  it('keeps the rest when a line is broken, and says which', () => {
    const text = `${encodeEvents([annotated])}{"event":"rev\n{"event":"reviewed","id":"a1","at":"${at}","drug":"d1"}\n${encodeEvents([review('accepted')])}`;
    const { events, problems } = parseEvents(text);
    assert.equal(events.length, 2);
    assert.deepEqual(problems.map(problem => problem.line), [2, 3]);
  });

  it('never merges with a line that a crash cut off', () => {
    const cut = encodeEvents([annotated]) + '{"event":"rev';
    const whole = cut + appendix(cut, [review('accepted')]);
    assert.equal(parseEvents(whole).events.length, 2);
    assert.equal(appendix('', [annotated]), encodeEvents([annotated]));
  });

  it('refuses a result that could not be shown', () => {
    const bad = { ...annotated, result: { ...annotated.result, recommendations: [{ drug: 5 }] } };
    const { events, problems } = parseEvents(JSON.stringify(bad));
    assert.equal(events.length, 0);
    assert.equal(problems.length, 1);
    assert.match(problems[0]!.field ?? '', /result\/recommendations\/0/);
  });
});
