import assert from 'node:assert/strict';
import type { AnnotationEvent } from '../../../src/core/dataset/annotationTypes';
import { encodeEvents, foldEvents } from '../../../src/core/dataset/sidecar';
import { SidecarIndex } from '../../../src/core/dataset/sidecarIndex';
import { anchorOf, annotatedEvent, dataset, resultFor, sidecarText } from '../../support/annotatedFile.mjs';

const anchor = anchorOf('Synthetic.', 0);
const made = annotatedEvent('a', anchor, resultFor(0, { unsupported: 1 }));
const time = (second: number) => new Date(Date.UTC(2026, 1, 1, 0, 0, second)).toISOString();
const review = (reviewer: string, verdict: 'accepted' | 'rejected' | 'edited', second: number): AnnotationEvent => ({ event: 'reviewed', id: 'a', at: time(second), reviewer, drug: 'metformin', verdict });
const undo = (reviewer: string, second: number): AnnotationEvent => ({ event: 'review-undone', id: 'a', at: time(second), reviewer, drug: 'metformin' });
const index = (bytes: string, slice = Infinity) => {
  const made = new SidecarIndex();
  const buffer = Buffer.from(bytes);
  for (let start = 0; start < buffer.length; start += slice) { made.feed(buffer.subarray(start, start + slice)); }
  made.settle();
  return made;
};
const state = (sidecar: SidecarIndex) => sidecar.summaries().map(({ id, anchor: { start }, edited, reviews }) => ({ id, start, edited, reviews: [...reviews] }));

function shuffled<T>(list: readonly T[], seed: number): T[] {
  let state = seed;
  const random = () => { state = (Math.imul(state, 1103515245) + 12345) >>> 0; return (state >>> 8) / (1 << 24); };
  return [...list].map(value => ({ value, at: random() })).sort((a, b) => a.at - b.at).map(({ value }) => value);
}

describe('sidecar index', () => {
  it('summarises an annotation without keeping its result', () => {
    const [summary] = index(encodeEvents([made])).summaries();
    const { drug, decision, confidence, unsupported } = summary!.recommendations[0]!;
    assert.deepEqual({ drug, decision, confidence, unsupported }, { drug: { id: 'metformin', name: 'metformin' }, decision: 'recommend', confidence: 0.8, unsupported: 1 });
    assert.deepEqual(summary?.claims, { supported: 3, weak: 0, unsupported: 3, uncited: 0 });
    assert.equal(summary?.about, 'synthetic disease');
    assert.ok(!JSON.stringify(summary).includes('Synthetic claim'));
  });

  it('gives the same for slices of every size, and knows where each line stands, in bytes', () => {
    const { records } = dataset(20);
    const text = `\uFEFF${sidecarText(records).replaceAll('synthetic document', 'synthetic d\u00f6cument \u{1F48A}')}`;
    const whole = index(text);
    assert.equal(whole.summaries().length, 20);
    for (const slice of [1, 7, 64, 1000, 4096]) {
      const sliced = index(text, slice);
      assert.deepEqual(sliced.summaries(), whole.summaries());
      const { offset, length } = sliced.place('synthetic-13')!;
      assert.equal((JSON.parse(Buffer.from(text).subarray(offset, offset + length).toString()) as { id: string }).id, 'synthetic-13');
      assert.equal(sliced.position, Buffer.byteLength(text));
    }
  });

  it('does not depend on the order of events, nor on how often a line is there', () => {
    const events: AnnotationEvent[] = [
      made, review('A', 'accepted', 1), review('B', 'rejected', 2), review('A', 'rejected', 3), undo('A', 4), review('C', 'edited', 5), undo('C', 6), undo('C', 7),
      { event: 'moved', id: 'a', at: time(8), anchor: { ...anchor, start: 70 }, edited: true }, { event: 'moved', id: 'a', at: time(9), anchor: { ...anchor, start: 90 } },
    ];
    const expected = state(index(encodeEvents(events)));
    assert.deepEqual(expected[0]?.reviews[0]?.[1].map(({ reviewer, verdict }) => `${reviewer} ${verdict}`), ['A accepted', 'B rejected']);
    assert.equal(expected[0]?.start, 90);
    assert.equal(expected[0]?.edited, true);
    for (let seed = 1; seed < 200; seed++) {
      const some = shuffled([...events, ...shuffled(events, seed + 1000).slice(0, seed % 10)], seed);
      assert.deepEqual(state(index(encodeEvents(some))), expected, `seed ${seed}`);
      assert.equal(foldEvents(some)[0]?.anchor.start, 90);
    }
  });

  it('counts the texts that were written into the record itself as the text that was annotated, in any order', () => {
    const written = anchorOf('Synthetic, with fields.', 0);
    const events: AnnotationEvent[] = [
      made, { event: 'moved', id: 'a', at: time(1), anchor: anchorOf('Another.', 0), edited: true }, { event: 'moved', id: 'a', at: time(2), anchor: written, edited: false },
      { event: 'moved', id: 'a', at: time(3), anchor: { ...anchor, start: 9 }, edited: false },
    ];
    for (const some of [events, [...events].reverse()]) {
      const sidecar = index(encodeEvents(some));
      assert.deepEqual(new Set(sidecar.originalHashes('a')), new Set([anchor.sha256, written.sha256]));
      assert.deepEqual([sidecar.summary('a')?.edited, sidecar.summary('a')?.anchor.start], [undefined, 9]);
    }
    assert.deepEqual(index(encodeEvents([made, events[1]!])).originalHashes('a'), [anchor.sha256]);
  });

  it('merges the files of two reviewers to the same state, whichever comes first', () => {
    const one = encodeEvents([made, review('A', 'accepted', 1), review('A', 'edited', 5)]);
    const two = encodeEvents([made, review('B', 'rejected', 2)]);
    assert.deepEqual(state(index(one + two)), state(index(two + one)));
  });

  it('keeps what stands before its annotation until that comes', () => {
    const sidecar = new SidecarIndex();
    sidecar.feed(Buffer.from(encodeEvents([review('A', 'accepted', 1)])));
    assert.deepEqual(sidecar.summaries(), []);
    assert.deepEqual([...sidecar.feed(Buffer.from(encodeEvents([made])))], ['a']);
    assert.equal(sidecar.summary('a')?.reviews.get('metformin')?.[0]?.verdict, 'accepted');
  });

  it('names lines that cannot be used and goes on; a line that is still being written is none', () => {
    const text = `${encodeEvents([made])}{"event":"rev\n{"event":"reviewed","id":"a","at":"x","drug":"d"}\n[]\n\n{"event":"what","id":"a","at":"x"}\n{"event":"reviewed","id`;
    const sidecar = index(text);
    assert.deepEqual(sidecar.problems.map(({ line, field }) => [line, field]), [[2, undefined], [3, 'reviewer'], [4, undefined], [6, 'event']]);
    sidecar.feed(Buffer.from('":"a","at":"2026-02-01T00:00:00.000Z","reviewer":"A","drug":"metformin","verdict":"accepted"}\n'));
    assert.equal(sidecar.problemCount, 4);
    assert.equal(sidecar.summary('a')?.reviews.size, 1);
  });

  it('counts a whole last line without a line break, and once when more is appended', () => {
    const sidecar = index(encodeEvents([made, review('A', 'accepted', 1)]).trimEnd());
    assert.equal(sidecar.summary('a')?.reviews.get('metformin')?.length, 1);
    assert.equal(sidecar.feed(Buffer.from(`\n${encodeEvents([review('A', 'accepted', 1)])}`)).size, 0);
    assert.equal(sidecar.place('a')?.line, 1);
  });

  it('keeps failures with their reason, and forgets what was removed', () => {
    const failed: AnnotationEvent = { event: 'failed', id: 'f', at: time(1), anchor, reason: 'timeout', message: 'No answer.' };
    assert.deepEqual(index(encodeEvents([failed])).summary('f')?.failure, { reason: 'timeout', message: 'No answer.' });
    assert.deepEqual(index(encodeEvents([made, { event: 'removed', id: 'a', at: time(1) }])).summaries(), []);
  });
});
