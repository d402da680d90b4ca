import type { EvidenceDocument } from '../../src/core/evidence/types';
import { seededRandom } from '../../src/core/evaluation/statistics';
import type { Triple } from '../../src/core/evaluation/triples';
import { readData } from './realTexts';

interface Row { readonly disease: string; readonly drug: string; readonly category: string }

function rows(file: string): Row[] {
  const [header, ...lines] = readData(file).trim().split('\n').map(line => line.split('\t'));
  const place = (column: string) => header!.indexOf(column);
  const [disease, drug, category] = [place('disease'), place('drug'), place('category')];
  return lines.map(cells => ({ disease: cells[disease]!, drug: cells[drug]!, category: cells[category]! })).filter(row => /^(?:DM|SYM|NOT)$/.test(row.category));
}

/**
 * Triples out of PharmacotherapyDB and DrugCentral: every pair that either lists as disease-modifying or symptomatic, against the drug without any row
 * (non-indications included) for this disease that the texts mention about as often. Our graph has no part in this choice.
 */
export function selectionTriples(texts: readonly EvidenceDocument[], seed = 1): Triple[] {
  const all = ['pharmacotherapydb/indications.tsv', 'drugcentral-rephetio/indications.tsv'].flatMap(rows);
  const key = ({ disease, drug }: Row) => `${disease}\t${drug.toLowerCase()}`;
  const related = new Set(all.map(key));
  const drugs = [...new Map(all.map(({ drug }) => [drug.toLowerCase(), drug])).values()].sort();
  const mentions = mentionCounts(drugs, texts);
  const random = seededRandom(seed);
  const pairs = [...new Map(all.filter(({ category }) => category !== 'NOT').map(row => [key(row), row])).values()].sort((a, b) => (key(a) < key(b) ? -1 : 1));
  return pairs.map((row, index) => {
    const often = Math.log1p(mentions.get(row.drug) ?? 0);
    const others = drugs.filter(drug => !related.has(key({ ...row, drug }))).map(drug => ({ drug, distance: Math.abs(Math.log1p(mentions.get(drug) ?? 0) - often) })).sort((a, b) => a.distance - b.distance);
    // One of the ten closest, so that not the same drug always stands against.
    return { disease: row.disease, relevant: row.drug, irrelevant: others[Math.floor(random() * 10)]!.drug, line: index + 2 };
  });
}

/** Documents that mention each name. */
function mentionCounts(names: readonly string[], texts: readonly EvidenceDocument[]): Map<string, number> {
  const byWord = new Map<string, number>();
  const phrases = names.filter(name => /[^A-Za-z]/.test(name)).map(name => name.toLowerCase());
  const counts = new Map<string, number>();
  for (const { title, passages } of texts) {
    const text = `${title} ${passages.map(passage => passage.text).join(' ')}`.toLowerCase();
    for (const word of new Set(text.match(/[a-z]+/g))) { byWord.set(word, (byWord.get(word) ?? 0) + 1); }
    for (const phrase of phrases) { if (text.includes(phrase)) { counts.set(phrase, (counts.get(phrase) ?? 0) + 1); } }
  }
  return new Map(names.map(name => [name, counts.get(name.toLowerCase()) ?? byWord.get(name.toLowerCase()) ?? 0]));
}
