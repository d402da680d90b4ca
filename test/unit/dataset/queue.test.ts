import assert from 'node:assert/strict';
import { buildQueue, filtered, type QueueContext } from '../../../src/core/dataset/queue';
import { annotated, drug, failed, review, summariesOf } from './reviewFixture';

const context: QueueContext = { reviewer: 'Ann', lowConfidence: 0.4 };
const queueOf = (events: Parameters<typeof summariesOf>[0], more: Partial<QueueContext> = {}) => buildQueue(summariesOf(events), { ...context, ...more });

describe('annotation queue', () => {
  it('lists cases in the order of the file with their state and progress, for each reviewer their own', () => {
    const events = [annotated(2), annotated(0), annotated(1), failed(3), review(0, 'Ann', 'accepted'), review(2, 'Ben', 'rejected')];
    const queue = queueOf(events);
    assert.deepEqual(queue.items.map(({ anchor, state }) => [anchor.record?.index, state]), [[0, 'accepted'], [1, 'unreviewed'], [2, 'unreviewed'], [3, 'failed']]);
    assert.deepEqual([queue.reviewed, queue.reviewable], [1, 3]);
    assert.equal(queue.items[2]?.reasons.get('unreviewed'), 'Reviewed by Ben, not by you');
    assert.deepEqual(queueOf(events, { reviewer: 'Ben' }).items.map(({ state }) => state), ['unreviewed', 'unreviewed', 'rejected', 'failed']);
  });

  it('low confidence is that of the best drug that is recommended or considered', () => {
    const queue = queueOf([annotated(0, [drug('metformin', 'recommend', { confidence: 0.39 }), drug('glipizide', 'avoid', { confidence: 0.9 })]), annotated(1, [drug('metformin', 'recommend', { confidence: 0.4 })])]);
    assert.deepEqual(filtered(queue, 'low-confidence').map(({ anchor, reasons }) => [anchor.record?.index, reasons.get('low-confidence')]), [[0, 'Best confidence 0.39 is under 0.40']]);
  });

  it('disagreement with the label: another drug, an avoided one, one offered beside it; by terminology id', () => {
    const labels = [['metformin'], ['metformin'], ['metformin'], ['metformin'], ['glipizide'], undefined];
    const events = [
      annotated(0, [drug('metformin'), drug('glipizide')]), annotated(1, [drug('glipizide')]), annotated(2, [drug('insulin'), drug('metformin', 'avoid')]),
      annotated(3, [drug('metformin', 'recommend', { given: true }), drug('insulin', 'recommend', { given: true })]), annotated(4, [drug('glipizide', 'consider')]), annotated(5),
    ];
    const queue = queueOf(events, { label: ({ record }) => labels[record!.index]?.map(id => ({ id, name: id })) });
    assert.deepEqual(filtered(queue, 'label').map(({ anchor, reasons }) => [anchor.record?.index, reasons.get('label')]), [
      [1, 'Label metformin; recommended Glipizide'], [2, 'The label Metformin is to be avoided here'], [3, 'Insulin is recommended beside the label metformin'],
    ]);
  });

  it('unsupported claims, failures and answers without a drug are said in words', () => {
    const queue = queueOf([annotated(0, [drug('metformin', 'recommend', { grounding: 'unsupported' }), drug('insulin', 'consider', { grounding: 'uncited' })]), failed(1), annotated(2, [])]);
    assert.match(filtered(queue, 'unsupported')[0]!.reasons.get('unsupported')!, /^Metformin: one claim not supported.*; Insulin: one claim/);
    assert.equal(filtered(queue, 'failed')[0]?.reasons.get('failed'), 'The server did not answer in time.');
    assert.match(filtered(queue, 'nothing')[0]!.reasons.get('nothing')!, /no disease/);
    assert.deepEqual([...queue.counts], [['unreviewed', 2], ['low-confidence', 0], ['label', 0], ['unsupported', 1], ['failed', 1], ['disagreement', 0], ['nothing', 1]]);
  });

  it('a failure that was annotated later is no failure any more', () => {
    const queue = queueOf([failed(0), annotated(0)]);
    assert.deepEqual(queue.items.map(({ state }) => state), ['unreviewed']);
  });

  it('reviewers disagree until somebody adjudicates', () => {
    const both = [annotated(0), review(0, 'Ann', 'accepted'), review(0, 'Ben', 'rejected')];
    assert.deepEqual(queueOf(both).items.map(({ state, reasons }) => [state, reasons.get('disagreement')]), [['disputed', 'Metformin: Ann accepted, Ben rejected']]);
    assert.equal(queueOf(both, { reviewer: 'Cy' }).counts.get('disagreement'), 1);
    const settled = queueOf([...both, review(0, 'Cy', 'rejected', { role: 'adjudicator' })]);
    assert.deepEqual(settled.items.map(({ state, reasons }) => [state, reasons.size]), [['adjudicated', 0]]);
  });

  it('disagreement over an earlier run of the same case still counts', () => {
    const queue = queueOf([annotated(0), annotated(0, [drug('metformin')], 'b0'), review('a0', 'Ann', 'accepted'), review('b0', 'Ben', 'rejected')]);
    assert.deepEqual(filtered(queue, 'disagreement').map(({ annotation }) => annotation.id), ['b0']);
  });

  it('holds 100,000 cases', () => {
    const summaries = summariesOf(Array.from({ length: 1000 }, (_, i) => annotated(i)));
    const many = Array.from({ length: 100_000 }, (_, i) => ({ ...summaries[i % 1000]!, id: `m${i}`, anchor: { ...summaries[i % 1000]!.anchor, start: i, record: { index: i } } }));
    assert.equal(buildQueue(many, context).items.length, 100_000);
  });
});
