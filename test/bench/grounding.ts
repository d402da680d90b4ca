// How well grounding tells true claims from false ones. Usage: npx tsx test/bench/grounding.ts [--half dev|dev2|test|b-dev|b-test|all] [--show KIND] [--set NAME]
import { parseArgs } from 'node:util';
import type { Grounding } from '../../src/core/engine/types';
import { openKnowledge } from '../../src/core/recommend/knowledgeBase';
import { loadCorpus } from '../../tools/corpus/load';
import { grounderFor } from './groundingRun';
import { abstractClaims, authoredClaims, evidenceInferenceClaims, kinds, type ClaimKind, type LabelledClaim } from './groundingSets';
import { requireData } from './realTexts';

const { values } = parseArgs({ options: { half: { type: 'string', default: 'test' }, show: { type: 'string' }, set: { type: 'string' }, most: { type: 'string', default: '400' } } });
requireData('scifact/corpus.jsonl.gz', 'pubmedqa/ori_pqal.json', 'bioasq/9B1_golden.json', 'evidence-inference/v2_annotations.csv');

const corpus = loadCorpus('corpus');
const knowledge = openKnowledge(JSON.stringify(corpus.knowledge));

function groundingOf(claim: LabelledClaim): { grounding: Grounding; reasons: readonly string[] } {
  const { grounder, draft } = grounderFor(claim, knowledge);
  const { grounding, groundingReasons } = grounder.ground(draft, claim.drug);
  return { grounding, reasons: groundingReasons };
}

const claims = [...authoredClaims(corpus.evidence, knowledge), ...abstractClaims(knowledge, Number(values.most)), ...evidenceInferenceClaims()]
  .filter(({ half, set }) => (values.half === 'all' || half === values.half) && (!values.set || set === values.set));
const times: number[] = [];
const counts = new Map<string, { all: number; unsupported: number; weak: number }>();
for (const claim of claims) {
  const before = performance.now();
  const { grounding, reasons } = groundingOf(claim);
  times.push(performance.now() - before);
  const key = `${claim.set}\t${claim.kind}`;
  const count = counts.get(key) ?? { all: 0, unsupported: 0, weak: 0 };
  count.all++;
  if (grounding === 'unsupported') { count.unsupported++; }
  if (grounding === 'weak') { count.weak++; }
  counts.set(key, count);
  if ((values.show === claim.kind || values.show === 'all') && (claim.kind === 'true') === (grounding !== 'supported')) {
    console.log(`--- ${claim.set} ${claim.document.id} [${grounding}] ${reasons.join(' ')}\nclaim:   ${claim.text}\npassage: ${claim.document.passages[claim.passage]!.text.slice(0, 900)}\n`);
  }
}

/** Wilson's interval for a share, 95 %. */
function interval(hits: number, all: number): string {
  const z = 1.96;
  const p = hits / all;
  const centre = (p + z * z / (2 * all)) / (1 + z * z / all);
  const half = z * Math.sqrt(p * (1 - p) / all + z * z / (4 * all * all)) / (1 + z * z / all);
  return `${(100 * p).toFixed(1)} % (${(100 * (centre - half)).toFixed(0)}-${(100 * (centre + half)).toFixed(0)})`;
}
console.log(`| set (${values.half}) | claims | n | unsupported | unsupported or weak |\n|---|---|---|---|---|`);
for (const set of ['authored', 'abstracts', 'evidence-inference']) {
  for (const kind of kinds) {
    const count = counts.get(`${set}\t${kind satisfies ClaimKind}`);
    if (count) { console.log(`| ${set} | ${kind} | ${count.all} | ${interval(count.unsupported, count.all)} | ${interval(count.unsupported + count.weak, count.all)} |`); }
  }
}
// Precision, where every kind of false claim is as frequent as true ones.
const share = (set: string, kind: string) => { const count = counts.get(`${set}\t${kind}`); return count ? (count.unsupported + count.weak) / count.all : undefined; };
for (const set of ['authored', 'abstracts', 'evidence-inference']) {
  const alarms = share(set, 'true');
  const parts = kinds.slice(1).flatMap(kind => { const recall = share(set, kind); return recall === undefined || alarms === undefined ? [] : [`${kind} ${(100 * recall / (recall + alarms || 1)).toFixed(1)} %`]; });
  if (parts.length > 0) { console.log(`Precision, ${set} (one false claim for each true one): ${parts.join(', ')}`); }
}
times.sort((a, b) => a - b);
console.log(`Time a claim, with looking up its names: median ${times[Math.floor(times.length / 2)]?.toFixed(2)} ms, 95 % below ${times[Math.floor(times.length * 0.95)]?.toFixed(2)} ms`);
