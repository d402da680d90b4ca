// Finding of disease names on the labelled abstracts of BC5CDR: npx tsx test/bench/diseaseNames.ts [--list]. KEDREC_TEST_DATA names the test data.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openKnowledge } from '../../src/core/recommend/knowledgeBase';
import { loadCorpus } from '../../tools/corpus/load';
import { readData, requireData } from './realTexts';

interface Label { readonly start: number; readonly end: number; readonly ids: readonly string[] }

const { values } = parseArgs({ options: { list: { type: 'boolean', default: false } } });
requireData('bc5cdr/CDR_TrainingSet.PubTator.txt.gz', 'bc5cdr/CDR_DevelopmentSet.PubTator.txt.gz');
const { terminology } = openKnowledge(JSON.stringify(loadCorpus(join(import.meta.dirname, '../../corpus')).knowledge));
const meshOf = (id: string) => terminology.disease(id)?.ids.mesh;
const known = new Set(terminology.data.diseases.flatMap(({ ids }) => ids.mesh ?? []));

/** Texts with the labelled diseases of each; offsets count title, a space, and abstract. */
function articles(part: string): { text: string; labels: Label[] }[] {
  return readData(`bc5cdr/CDR_${part}Set.PubTator.txt.gz`).split(/\n\s*\n/).filter(block => block.trim() !== '').map(block => {
    const line = (kind: string) => new RegExp(`^\\d+\\|${kind}\\|(.*)$`, 'm').exec(block)?.[1] ?? '';
    const labels = [...block.matchAll(/^\d+\t(\d+)\t(\d+)\t[^\t]*\tDisease\t(\S+)/gm)].map(([, start, end, ids]) => ({ start: Number(start), end: Number(end), ids: ids!.split('|') }));
    return { text: `${line('t')} ${line('a')}`, labels };
  });
}

// Training abstracts were looked at while names were mended, the development set was not.
console.log('| set | disease mentions found | on a labelled disease % | with its MeSH id % | labelled mentions | found % | of them, MeSH id held: found % |\n| --- | --- | --- | --- | --- | --- | --- |');
for (const part of ['Training', 'Development']) {
  const count = { found: 0, onLabel: 0, sameId: 0, withMesh: 0, labels: 0, hit: 0, held: 0, heldHit: 0 };
  const wrong = new Map<string, number>();
  for (const { text, labels } of articles(part)) {
    const found = terminology.find(text).filter(({ kind }) => kind === 'disease');
    for (const { span, conceptId } of found) {
      const over = labels.filter(({ start, end }) => start < span.end && span.start < end);
      const mesh = meshOf(conceptId);
      count.found++;
      if (mesh) { count.withMesh++; }
      if (over.length > 0) { count.onLabel++; } else { const name = `${text.slice(span.start, span.end)} = ${conceptId}`; wrong.set(name, (wrong.get(name) ?? 0) + 1); }
      if (mesh && over.some(({ ids }) => ids.includes(mesh))) { count.sameId++; }
    }
    for (const { start, end, ids } of labels) {
      const hit = found.some(({ span }) => start < span.end && span.start < end);
      const held = ids.some(id => known.has(id));
      count.labels++;
      if (hit) { count.hit++; }
      if (held) { count.held++; if (hit) { count.heldHit++; } }
    }
  }
  const percent = (of: number, all: number) => ((100 * of) / all).toFixed(1);
  console.log(`| ${part} | ${count.found} | ${percent(count.onLabel, count.found)} | ${percent(count.sameId, count.withMesh)} | ${count.labels} | ${percent(count.hit, count.labels)} | ${percent(count.heldHit, count.held)} (of ${count.held}) |`);
  if (values.list && part === 'Training') { for (const [name, times] of [...wrong].sort((a, b) => b[1] - a[1]).slice(0, 60)) { console.log(`  ${times} ${name}`); } }
}
