import assert from 'node:assert/strict';
import type { AnnotationEvent, ReviewedEvent } from '../../../src/core/dataset/annotationTypes';
import { openDisputes } from '../../../src/core/dataset/queue';
import { leadingDrug, reviewState, wholeAnswer } from '../../../src/core/dataset/reviewState';
import { encodeEvents, parseEvents } from '../../../src/core/dataset/sidecar';
import { SidecarIndex } from '../../../src/core/dataset/sidecarIndex';
import { whyHere, type ReasonContext } from '../../../src/core/dataset/whyHere';
import { anchorOf, annotatedEvent, resultFor, type ResultOptions } from '../../support/annotatedFile.mjs';

const anchor = anchorOf('Synthetic.', 0);
const at = '2026-02-01T00:00:00.000Z';
const context: ReasonContext = { lowConfidence: 0.4 };
const summaryOf = (options: ResultOptions = {}, ...events: AnnotationEvent[]) => {
  const index = new SidecarIndex();
  for (const event of [annotatedEvent('a', anchor, resultFor(0, options)), ...events]) { index.add(event); }
  return index.summary('a')!;
};
const review = (drug: string, verdict: 'accepted' | 'rejected' | 'skipped', reviewer = 'A'): ReviewedEvent => ({ event: 'reviewed', id: 'a', at, reviewer, drug, verdict });

describe('review state', () => {
  it('is that of the leading recommendation, for this reviewer', () => {
    assert.equal(reviewState(summaryOf(), 'A'), 'unreviewed');
    assert.equal(reviewState(summaryOf({}, review('lisinopril', 'accepted')), 'A'), 'unreviewed', 'another drug of the answer');
    assert.equal(reviewState(summaryOf({}, review('metformin', 'rejected')), 'A'), 'rejected');
    assert.equal(reviewState(summaryOf({}, review('metformin', 'rejected', 'B')), 'A'), 'unreviewed');
    assert.equal(reviewState(summaryOf({}, review('metformin', 'skipped'), { event: 'review-undone', id: 'a', at: '2026-02-02T00:00:00.000Z', reviewer: 'A', drug: 'metformin' }), 'A'), 'unreviewed');
  });

  it('of an answer without recommendations is a review of the answer as a whole, which the schema allows', () => {
    const empty = summaryOf({ recommendations: 0 });
    assert.equal(leadingDrug(empty), wholeAnswer);
    const event = review(wholeAnswer, 'accepted');
    assert.equal(reviewState(summaryOf({ recommendations: 0 }, event), 'A'), 'accepted');
    assert.deepEqual(parseEvents(encodeEvents([event])), { events: [event], problems: [] });
  });

  it('of a failure is failed', () => {
    const index = new SidecarIndex();
    index.add({ event: 'failed', id: 'f', at, anchor, reason: 'timeout', message: 'No answer.' });
    assert.equal(reviewState(index.summary('f')!, 'A'), 'failed');
    assert.match(whyHere(index.summary('f')!, context).join(), /timeout.*No answer/);
  });
});

describe('why a record is here', () => {
  it('has nothing to say of a confident, supported answer that the label agrees with', () => assert.deepEqual(whyHere(summaryOf(), { ...context, label: [{ id: 'metformin', name: 'Metformin' }] }), []));
  it('names each reason', () => {
    const summary = summaryOf({ confidence: 0.3, unsupported: 1 }, review('metformin', 'accepted', 'A'), review('metformin', 'rejected', 'B'));
    const reasons = whyHere(summary, { ...context, label: [{ id: 'insulin', name: 'insulin' }], open: openDisputes([summary], summary) });
    assert.deepEqual(reasons, [
      'Best confidence 0.30 is under 0.40.', 'Label insulin; recommended metformin.',
      'Metformin: one claim not supported by what is cited; lisinopril: one claim not supported by what is cited; colchicine: one claim not supported by what is cited.',
      'Reviewers disagree: metformin: A accepted, B rejected.',
    ]);
  });
  it('leaves out what somebody adjudicated', () => {
    const summary = summaryOf({}, review('metformin', 'accepted', 'A'), review('metformin', 'rejected', 'B'), { ...review('metformin', 'accepted', 'C'), role: 'adjudicator' });
    assert.deepEqual(whyHere(summary, { ...context, open: openDisputes([summary], summary) }), []);
  });
});
