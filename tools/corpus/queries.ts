import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SERVICE_IDS, type ServiceId } from '../../src/core/evidence/live/types';
import type { KnowledgeData } from '../../src/core/terminology/types';
import { readEntries, type Entry } from './entry';
import type { Problem } from './problems';

/** One question of `queries.yaml`, by preferred names. */
export interface CorpusQuery {
  readonly id: string;
  readonly disease: string;
  readonly drug?: string;
  readonly sources: readonly ServiceId[];
  /** Records of each source at most. */
  readonly max: number;
}

export const queriesFile = 'queries.yaml';
const DEFAULT_SOURCES: readonly ServiceId[] = ['clinicaltrials', 'openfda'];
const DEFAULT_MAX = 100;
const MOST = 1000;

/** Reads and checks the list. What is wrong with it becomes `problems`, each with its line. */
export function readQueries(corpusDir: string, knowledge: KnowledgeData): { readonly queries: readonly CorpusQuery[]; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const path = join(corpusDir, queriesFile);
  if (!existsSync(path)) return { queries: [], problems: [{ level: 'error', file: queriesFile, line: 0, message: 'is not there' }] };
  const diseases = new Map(knowledge.diseases.map(({ id, name }) => [id, name]));
  const drugs = new Map(knowledge.drugs.map(({ id, name }) => [id, name]));
  const seen = new Set<string>();
  const asked = new Map<string, string>();
  const queries = readEntries(corpusDir, path, problems).flatMap((entry): CorpusQuery[] => {
    const id = entry.text('id', true);
    const disease = named(entry, 'disease', diseases, true);
    const drug = named(entry, 'drug', drugs, false);
    const sources = entry.has('sources') ? sourcesOf(entry) : DEFAULT_SOURCES;
    const max = entry.integer('max') ?? DEFAULT_MAX;
    if (max < 1 || max > MOST) entry.report('error', 'max', `must be from 1 to ${MOST}`);
    entry.finish();
    if (id !== undefined && seen.has(id)) entry.report('error', 'id', `"${id}" comes twice`);
    if (id === undefined || disease === undefined) return [];
    seen.add(id);
    const question = `${disease}\n${drug ?? ''}`;
    const before = asked.get(question);
    if (before !== undefined && before !== id) entry.report('error', 'disease', `asks the same as "${before}"`);
    asked.set(question, before ?? id);
    return [{ id, disease, ...(drug === undefined ? {} : { drug }), sources, max }];
  });
  if (queries.length === 0 && problems.length === 0) problems.push({ level: 'error', file: queriesFile, line: 1, message: 'holds no query' });
  return { queries, problems };
}

function named(entry: Entry, field: 'disease' | 'drug', names: ReadonlyMap<string, string>, required: boolean): string | undefined {
  const slug = entry.text(field, required);
  if (slug === undefined) return undefined;
  const name = names.get(slug);
  if (name === undefined) entry.report('error', field, `"${slug}" is no ${field} of the corpus; write its id, such as ${field === 'disease' ? 'heart-failure' : 'dapagliflozin'}`);
  return name;
}

function sourcesOf(entry: Entry): readonly ServiceId[] {
  const texts = entry.texts('sources');
  if (texts.length === 0) entry.report('error', 'sources', `must be a list of ${SERVICE_IDS.join(', ')}`);
  return texts.flatMap((text, index) => {
    const id = SERVICE_IDS.find(candidate => candidate === text);
    if (id === undefined) entry.report('error', 'sources', `"${text}" is none of ${SERVICE_IDS.join(', ')}`, index);
    return id === undefined ? [] : [id];
  });
}
