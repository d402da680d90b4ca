import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import papaparse from 'papaparse';
import type { Corpus } from './load';
import type { Problem } from './problems';

/** Findings of the comparison with third-party reference data, and lines of a report for people. */
export interface ExternalCheck {
  readonly problems: readonly Problem[];
  readonly report: readonly string[];
}

/** Compares ids, titles, years, drug names and indications with the reference data in `dataDir`. Files that are missing are named in the report. */
export function checkAgainstData(corpus: Corpus, dataDir: string): ExternalCheck {
  const problems: Problem[] = [];
  const report: string[] = [];
  const table = (path: string): Record<string, string>[] | undefined => {
    const full = join(dataDir, path);
    if (existsSync(full)) return readTable(full);
    report.push(`not compared: ${full} is missing`);
    return undefined;
  };
  checkTitles(corpus, table('derived-id-check/pmid_titles.tsv.gz'), problems);
  checkTrials(corpus, table('derived-id-check/nct_ids.tsv'), problems);
  checkDrugBank(corpus, table('drug-vocab/drugbank_vocabulary.csv'), problems);
  for (const name of ['pharmacotherapydb/indications.tsv', 'drugcentral-rephetio/indications.tsv']) {
    const rows = table(name);
    if (rows !== undefined) report.push(...compareIndications(corpus, name, rows, problems));
  }
  return { problems, report };
}

function readTable(path: string): Record<string, string>[] {
  const bytes = readFileSync(path);
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  if (path.endsWith('.csv')) return papaparse.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true }).data;
  // Tab-separated files here hold quotes as plain characters, which a CSV reader would take for quoting.
  const [head = '', ...lines] = text.split(/\r?\n/);
  const columns = head.split('\t');
  return lines.filter((line) => line !== '').map((line) => Object.fromEntries(line.split('\t').map((value, index) => [columns[index] ?? '', value])));
}

/** Similarity of two titles, 0 to 1: Dice coefficient over their character pairs, letters and digits alone. */
export function titleSimilarity(a: string, b: string): number {
  const pairs = (text: string): Map<string, number> => {
    const plain = text.toLowerCase().normalize('NFKD').replace(/[^a-z0-9]+/g, '');
    const counts = new Map<string, number>();
    for (let index = 0; index + 1 < plain.length; index++) counts.set(plain.slice(index, index + 2), (counts.get(plain.slice(index, index + 2)) ?? 0) + 1);
    return counts;
  };
  const [first, second] = [pairs(a), pairs(b)];
  let shared = 0;
  let total = 0;
  for (const [pair, count] of first) { shared += Math.min(count, second.get(pair) ?? 0); total += count; }
  for (const count of second.values()) total += count;
  return total === 0 ? 0 : (2 * shared) / total;
}

function checkTitles(corpus: Corpus, rows: readonly Record<string, string>[] | undefined, problems: Problem[]): void {
  if (rows === undefined) return;
  const wanted = new Set(corpus.evidence.filter(({ id }) => id.startsWith('PMID:')).map(({ id }) => id.slice(5)));
  const known = new Map(rows.filter(({ pmid = '' }) => wanted.has(pmid)).map((row) => [row['pmid'] ?? '', row]));
  for (const { document, entry, titleBy } of corpus.source.evidence) {
    if (!document.id.startsWith('PMID:')) continue;
    const row = known.get(document.id.slice(5));
    const report = (field: string, message: string): void => { problems.push({ level: 'error', file: entry.file, line: entry.lineOf(field), id: document.id, field, message }); };
    if (row === undefined) { report('id', 'is not in the id list: it cannot be checked'); continue; }
    const similarity = titleSimilarity(document.title, row['title'] ?? '');
    if (titleBy === 'published' && similarity < 0.8) report('title', `differs from the id list (similarity ${similarity.toFixed(2)}): "${row['title'] ?? ''}"`);
    if (Math.abs(Number(row['year']) - (document.year ?? 0)) > 1) report('year', `is ${document.year}, the id list says ${row['year']}`);
  }
}

function checkTrials(corpus: Corpus, rows: readonly Record<string, string>[] | undefined, problems: Problem[]): void {
  if (rows === undefined) return;
  const known = new Set(rows.map(({ nct }) => nct));
  for (const { document, entry, nct } of corpus.source.evidence) {
    const ids = [...(document.id.startsWith('NCT') ? [['id', document.id] as const] : []), ...(nct === undefined ? [] : [['nct', nct] as const])];
    for (const [field, id] of ids) {
      if (!known.has(id)) problems.push({ level: field === 'id' ? 'error' : 'warning', file: entry.file, line: entry.lineOf(field), id: document.id, field, message: `${id} is not in the id list: it cannot be checked` });
    }
  }
}

function checkDrugBank(corpus: Corpus, rows: readonly Record<string, string>[] | undefined, problems: Problem[]): void {
  if (rows === undefined) return;
  const plain = (name: string): string => name.toLowerCase().normalize('NFKD').replace(/[^a-z0-9]+/g, '');
  const known = new Map(rows.map((row) => [row['DrugBank ID'] ?? '', [row['Common name'] ?? '', ...(row['Synonyms'] ?? '').split(' | ')]]));
  for (const { value, entry } of corpus.source.drugs) {
    const id = value.ids.drugbank;
    if (id === undefined) continue;
    const names = known.get(id);
    const own = [value.name, ...value.synonyms].map(plain);
    const report = (level: Problem['level'], message: string): void => { problems.push({ level, file: entry.file, line: entry.lineOf('ids'), id: value.id, field: 'ids.drugbank', message }); };
    if (names === undefined) report('warning', `${id} is not in the vocabulary: it cannot be checked`);
    else if (!names.some((name) => own.includes(plain(name)))) report('error', `${id} is ${names[0] ?? '?'} in the vocabulary`);
  }
}

/** How the corpus's indications agree with a catalogue that has DOID and DrugBank ids. */
function compareIndications(corpus: Corpus, name: string, rows: readonly Record<string, string>[], problems: Problem[]): string[] {
  const { knowledge } = corpus;
  const byDoid = new Map(knowledge.diseases.filter(({ ids }) => ids.doid !== undefined).map((disease) => [`DOID:${disease.ids.doid ?? ''}`, disease.id]));
  const parents = new Map(knowledge.diseases.map(({ id, broader }) => [id, broader]));
  const children = new Map<string, string[]>();
  for (const { id, broader } of knowledge.diseases) for (const wider of broader) children.set(wider, [...(children.get(wider) ?? []), id]);
  const reach = (start: string, next: ReadonlyMap<string, readonly string[]>): string[] => (next.get(start) ?? []).flatMap((id) => [id, ...reach(id, next)]);
  const drugs = new Map(knowledge.drugs.filter(({ ids }) => ids.drugbank !== undefined).map((drug) => [drug.ids.drugbank ?? '', drug]));
  const counts = { compared: 0, agree: 0, related: 0, missing: [] as string[], conflicts: [] as string[] };
  for (const row of rows) {
    const disease = byDoid.get(row['doid_id'] ?? '');
    const drug = drugs.get(row['drugbank_id'] ?? '');
    if (disease === undefined || drug === undefined) continue;
    counts.compared++;
    const own = new Set(drug.indications.map((indication) => indication.disease));
    const near = [...reach(disease, parents), ...reach(disease, children)].some((id) => own.has(id));
    const label = `${drug.id} - ${disease} (${row['category'] ?? ''})`;
    if (row['category'] === 'NOT') {
      if (own.has(disease)) {
        counts.conflicts.push(label);
        const entry = corpus.source.drugs.find(({ value }) => value.id === drug.id)!.entry;
        problems.push({ level: 'warning', file: entry.file, line: entry.lineOf('indications'), id: drug.id, field: 'indications', message: `${disease}: ${name} says this is no indication` });
      } else counts.agree++;
    } else if (own.has(disease)) counts.agree++;
    else if (near) counts.related++;
    else counts.missing.push(label);
  }
  return [
    `${name}: ${counts.compared} pairs with both ids here: ${counts.agree} agree, ${counts.related} by a wider or narrower disease, ` +
      `${counts.missing.length} not in the corpus, ${counts.conflicts.length} conflicts`,
    ...(counts.missing.length > 0 ? [`  not in the corpus: ${counts.missing.sort().join('; ')}`] : []),
  ];
}
