// Learns the two scorecards of grounding from labelled claims in the repository and writes src/core/engine/grounding/weights.ts. Deterministic.
// Usage: npx tsx tools/grounding/train.ts [--write] [--show N]
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { elsewhereFeatures, type ContentEvidence } from '../../src/core/engine/grounding/contentEvidence';
import { directionFeatures } from '../../src/core/engine/grounding/directionEvidence';
import { openKnowledge } from '../../src/core/recommend/knowledgeBase';
import { grounderFor } from '../../test/bench/groundingRun';
import { authoredClaims, type LabelledClaim } from '../../test/bench/groundingSets';
import { loadCorpus } from '../corpus/load';
import { fitLogistic, type Example } from './logistic';

const { values } = parseArgs({ options: { write: { type: 'boolean', default: false }, show: { type: 'string', default: '0' } } });
const corpus = loadCorpus('corpus');
const knowledge = openKnowledge(JSON.stringify(corpus.knowledge));
// Whatever half is called b-test is never read here.
const claims = authoredClaims(corpus.evidence, knowledge).filter(({ half }) => half !== 'b-test');

interface Labelled extends Example { readonly claim: LabelledClaim; readonly fold: number }

const hash = (text: string): number => createHash('sha256').update(text).digest().readUInt32BE(0);
const folds = 10;
const evidenceOf = (claim: LabelledClaim): ContentEvidence | undefined => {
  const { grounder, draft } = grounderFor(claim, knowledge);
  return grounder.evidence(draft, claim.drug);
};

/** The rules behind the evidence were written with sight of these: they look better there than they are. */
const weightOf = ({ half }: LabelledClaim): number => (half === 'b-dev' ? 1.5 : half === 'test' ? 1 : 0.6);

/** True claims set against another passage about the same drug or the same disease: what a moved citation looks like when every name is right. */
function moved(): LabelledClaim[] {
  return claims.filter(({ kind }) => kind === 'true').flatMap((claim): LabelledClaim[] => {
    const others = corpus.evidence.filter(({ id, passages }) => id !== claim.document.id && passages[0]?.text.toLowerCase().includes(claim.drug.name.toLowerCase()));
    const other = others[hash(claim.text) % Math.max(1, others.length)];
    return other ? [{ ...claim, kind: 'moved-same-drug', document: other, passage: 0 }] : [];
  });
}

function examples(which: 'elsewhere' | 'opposite', features: readonly string[], from: readonly LabelledClaim[], positive: (claim: LabelledClaim) => boolean): Labelled[] {
  return from.flatMap((claim): Labelled[] => {
    const evidence = evidenceOf(claim)?.[which] as Record<string, number> | undefined;
    return evidence ? [{ x: features.map((name) => evidence[name] ?? 0), y: positive(claim) ? 1 : 0, weight: weightOf(claim), claim, fold: hash(`fold ${claim.about}`) % folds }] : [];
  });
}

const probability = (model: readonly number[], x: readonly number[]): number => 1 / (1 + Math.exp(-x.reduce((sum, value, i) => sum + value * (model[i + 1] ?? 0), model[0] ?? 0)));

function crossValidated(all: readonly Labelled[], ridge: number): number[] {
  const models = Array.from({ length: folds }, (_, fold) => fitLogistic(all.filter((example) => example.fold !== fold), ridge));
  return all.map(({ x, fold }) => probability(models[fold] ?? [], x));
}

function report(name: string, all: readonly Labelled[], scores: readonly number[], alarms: number): { weak: number; unsupported: number } {
  const atAlarms = (share: number): number => {
    const negatives = all.flatMap(({ y, claim }, i) => (y === 0 && claim.kind === 'true' ? [scores[i] ?? 0] : [])).sort((a, b) => b - a);
    return ((negatives[Math.floor(share * negatives.length)] ?? 1) + (negatives[Math.floor(share * negatives.length) - 1] ?? 1)) / 2;
  };
  for (const share of [0.01, 0.02, 0.03, 0.04, 0.05, 0.08, 0.1]) {
    const cut = atAlarms(share);
    const rate = (chosen: (example: Labelled) => boolean): string => { const some = all.map((example, i) => [example, scores[i] ?? 0] as const).filter(([example]) => chosen(example)); return `${(100 * some.filter(([, score]) => score >= cut).length / some.length).toFixed(1)} % of ${some.length}`; };
    console.log(`${name} cut ${cut.toFixed(3)}: alarms all ${rate(({ y }) => y === 0)}, b-dev ${rate(({ y, claim }) => y === 0 && claim.half === 'b-dev')}; found old-tuned ${rate(({ y, claim }) => y === 1 && /^dev/.test(claim.half))}, old test ${rate(({ y, claim }) => y === 1 && claim.half === 'test')}, b-dev ${rate(({ y, claim }) => y === 1 && claim.half === 'b-dev')}`);
  }
  return { weak: atAlarms(alarms), unsupported: Math.max(atAlarms(alarms), 0.85) };
}

function train(which: 'elsewhere' | 'opposite', features: readonly string[], all: readonly Labelled[], alarms: number): string {
  const scores = [1, 3, 10].map((ridge) => ({ ridge, scores: crossValidated(all, ridge) })).map((entry) => ({ ...entry, loss: -all.reduce((sum, { y, weight }, i) => sum + weight * Math.log(Math.max(1e-9, y === 1 ? entry.scores[i] ?? 0 : 1 - (entry.scores[i] ?? 0))), 0) }));
  const best = scores.reduce((one, other) => (other.loss < one.loss ? other : one));
  console.log(`${which}: ${all.length} claims, loss ${scores.map(({ ridge, loss }) => `${ridge}: ${loss.toFixed(1)}`).join(', ')}`);
  const cuts = report(which, all, best.scores, alarms);
  const model = fitLogistic(all, best.ridge);
  console.log(features.map((name, i) => `${name} ${(model[i + 1] ?? 0).toFixed(2)}`).join(', '));
  const wrong = all.map((example, i) => ({ example, score: best.scores[i] ?? 0 })).filter(({ example, score }) => (example.y === 1) !== (score >= cuts.weak) );
  for (const { example, score } of wrong.slice(0, Number(values.show))) {
    console.log(`--- ${which} ${example.claim.kind} ${score.toFixed(2)} ${example.claim.half}\n  ${example.claim.text}\n  ${example.claim.document.passages[example.claim.passage]?.text ?? ''}\n  ${features.flatMap((name, i) => ((example.x[i] ?? 0) === 0 ? [] : [`${name} ${(example.x[i] ?? 0).toFixed(2)}`])).join(', ')}`);
  }
  const round = (value: number): number => Math.round(value * 1000) / 1000;
  return `{\n  bias: ${round(model[0] ?? 0)}, weak: ${round(cuts.weak)}, unsupported: ${round(cuts.unsupported)},\n  weights: {\n${features.map((name, i) => `    ${name}: ${round(model[i + 1] ?? 0)},`).join('\n')}\n  },\n}`;
}

const opposite = train('opposite', directionFeatures, examples('opposite', directionFeatures, claims.filter(({ kind }) => kind === 'true' || kind === 'direction-flipped'), ({ kind }) => kind === 'direction-flipped'), 0.0125);
const about = [...claims.filter(({ kind }) => kind === 'true' || kind === 'direction-flipped' || kind === 'citation-moved'), ...moved()];
const elsewhere = train('elsewhere', elsewhereFeatures, examples('elsewhere', elsewhereFeatures, about, ({ kind }) => kind === 'citation-moved' || kind === 'moved-same-drug'), 0.02);
if (values.write) {
  writeFileSync('src/core/engine/grounding/weights.ts', `// Written by tools/grounding/train.ts out of the labelled claims in test/data/grounding; do not edit by hand.
import type { elsewhereFeatures } from './contentEvidence';
import type { DirectionFeature } from './directionEvidence';
import type { Scorecard } from './scorecard';

/** Is the claim about something that the passage does not say? */
export const elsewhereModel: Scorecard<(typeof elsewhereFeatures)[number]> = ${elsewhere};

/** Does the passage say the opposite? */
export const oppositeModel: Scorecard<DirectionFeature> = ${opposite};
`);
}
