import assert from 'node:assert/strict';
import { agreementReport } from '../../../src/core/dataset/agreement/agreementReport';
import { agreementAdvice, agreementText } from '../../../src/core/dataset/agreement/agreementText';
import { missingEvents, readReviews } from '../../../src/core/dataset/agreement/readReviews';
import { encodeEvents } from '../../../src/core/dataset/sidecar';
import { annotated, drug, review, sidecarOf, summariesOf } from './reviewFixture';

/** Forty cases; Ann and Ben agree on all but the last eight. */
function twoReviewers() {
  const cases = Array.from({ length: 40 }, (_, i) => annotated(i, [drug('metformin', i % 2 ? 'recommend' : 'consider')]));
  const ann = cases.map((_, i) => review(i, 'Ann', i < 20 ? 'accepted' : 'rejected'));
  const ben = cases.map((_, i) => review(i, 'Ben', i < 20 || i >= 32 ? 'accepted' : 'rejected'));
  return { cases, ann, ben };
}

describe('agreement of reviewers', () => {
  it('of two: raw, Cohen\'s kappa, by decision, and the list of disagreements', () => {
    const { cases, ann, ben } = twoReviewers();
    const report = agreementReport(summariesOf([...cases, ...ann, ...ben]));
    assert.deepEqual(report.reviewers, [{ name: 'Ann', judged: 40, skipped: 0, adjudicated: 0 }, { name: 'Ben', judged: 40, skipped: 0, adjudicated: 0 }]);
    assert.equal(report.overall.statistic, 'cohen');
    assert.equal(report.overall.units, 40);
    assert.equal(report.overall.raw?.value, 0.8);
    // By hand: accepted 20/40 and 28/40, rejected 20/40 and 12/40: chance 0.35 + 0.15 = 0.5; (0.8 - 0.5) / 0.5.
    assert.equal(report.overall.kappa?.value.toFixed(10), '0.6000000000');
    assert.equal(report.byDecision.recommend.units + report.byDecision.consider.units, 40);
    assert.equal(report.byDecision.avoid.units, 0);
    assert.deepEqual(report.disagreements.map(({ anchor }) => anchor.record?.index), [32, 33, 34, 35, 36, 37, 38, 39]);
    assert.match(agreementText(report, 2), /overall +40 {2}0\.80 \(0\.65 to 0\.90\) +0\.60 \(0\.3\d to 0\.8\d\) {2}cohen/);
    assert.match(agreementText(report, 2), /record P-32, Metformin \(consider\): Ann: rejected, Ben: accepted\n.*P-33.*\n {2}\.\.\. and 6 more/);
  });

  it('a third reviewer adjudicates: that verdict stands, and the figures of the two stay as they are', () => {
    const { cases, ann, ben } = twoReviewers();
    const before = agreementReport(summariesOf([...cases, ...ann, ...ben]));
    const report = agreementReport(summariesOf([...cases, ...ann, ...ben, review(32, 'Cy', 'accepted', { role: 'adjudicator' })]));
    assert.deepEqual(report.overall, before.overall);
    assert.deepEqual(report.disagreements[0]?.standing, { verdict: 'accepted', adjudicated: true });
    assert.equal(report.disagreements[1]?.standing.verdict, 'disputed');
    assert.equal(report.reviewers.find(({ name }) => name === 'Cy')?.adjudicated, 1);
    assert.match(agreementText(report, 1), /8 disagreements, 7 not adjudicated\n.*adjudicated by Cy: accepted/);
  });

  it('of three, of whom not all judged everything: Fleiss\' kappa and each two', () => {
    const { cases, ann, ben } = twoReviewers();
    const cy = cases.slice(0, 25).map((_, i) => review(i, 'Cy', i < 20 ? 'accepted' : 'edited'));
    const report = agreementReport(summariesOf([...cases, ...ann, ...ben, ...cy]));
    assert.equal(report.overall.statistic, 'fleiss');
    assert.equal(report.overall.units, 40);
    assert.deepEqual(report.pairs.map(({ reviewers, figures }) => [...reviewers, figures.units]), [['Ann', 'Ben', 40], ['Ann', 'Cy', 25], ['Ben', 'Cy', 25]]);
  });

  it('skips and verdicts taken back are no judgement', () => {
    const first = annotated(0);
    const ann = review(0, 'Ann', 'accepted');
    const report = agreementReport(summariesOf([first, ann, review(0, 'Ben', 'skipped'), { event: 'review-undone', id: 'a0', at: '2027-01-01T00:00:00.000Z', reviewer: 'Ann', drug: 'metformin' }]));
    assert.equal(report.overall.units, 0);
    assert.match(agreementAdvice(report)[0]!, /Nothing was accepted/);
  });

  it('one person alone is told what is missing', () => {
    assert.match(agreementAdvice(agreementReport(summariesOf([annotated(0), review(0, 'Ann', 'accepted')])))[0]!, /Only Ann .*setting kedrec\.reviewer/);
  });

  it('separate runs over the same records meet in the same unit where they decided the same, and only there', () => {
    const events = [annotated(0), annotated(0, [drug('metformin')], 'b0'), annotated(1), annotated(1, [drug('metformin', 'avoid')], 'b1'),
      review('a0', 'Ann', 'accepted'), review('b0', 'Ben', 'rejected'), review('a1', 'Ann', 'accepted'), review('b1', 'Ben', 'accepted')];
    const report = agreementReport(summariesOf(events));
    assert.equal(report.overall.units, 1);
    assert.equal(report.disagreements.length, 1);
  });
});

describe('reviews of several files', () => {
  it('an event that is in two files counts once, whichever file comes first', async () => {
    const { cases, ann, ben } = twoReviewers();
    const [first, second] = [sidecarOf([...cases, ...ann]), sidecarOf([...cases, ...ann.slice(0, 10), ...ben])];
    const whole = agreementReport(summariesOf([...cases, ...ann, ...ben]));
    for (const order of [[first, second], [second, first], [first, second, first]]) {
      const { summaries, files } = await readReviews(order);
      assert.equal(summaries.length, 40);
      assert.deepEqual(agreementReport(summaries).overall, whole.overall);
      assert.deepEqual(files.map(({ problemCount }) => problemCount), order.map(() => 0));
    }
  });

  it('only what is missing is taken over, and a second time nothing', async () => {
    const { cases, ann, ben } = twoReviewers();
    const own = [...cases, ...ann];
    const other = sidecarOf([...cases, ...ann.slice(0, 10), ...ben]);
    const missing = async (path: string) => { const found = []; for await (const group of missingEvents(path, other, ({ line }) => assert.fail(`line ${line}`))) { found.push(...group); } return found; };
    const taken = await missing(sidecarOf(own));
    assert.deepEqual(taken, ben);
    assert.deepEqual(await missing(sidecarOf([...own, ...taken])), []);
    assert.equal((await missing(`${other}.absent`)).length, 90);
  });

  it('names the broken line of the right file, also after a file without a last line break', async () => {
    const first = sidecarOf([], encodeEvents([annotated(0)]).trimEnd());
    const second = sidecarOf([], `\uFEFF${encodeEvents([annotated(1)])}not json\n${encodeEvents([review(1, 'Ann', 'accepted')])}`);
    const { summaries, files } = await readReviews([first, second]);
    assert.equal(summaries.length, 2);
    assert.deepEqual(files.map(({ problems, usable }) => [problems.map(({ line }) => line), usable]), [[[], 1], [[2], 2]]);
  });
});
