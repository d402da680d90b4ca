import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** A document of the benchmark. */
export interface BenchDocument {
  readonly id: string;
  readonly title: string;
  readonly text: string;
}

export interface BenchQueries {
  /** SciFact claims and BioASQ questions. */
  readonly short: readonly string[];
  /** TREC clinical-trial topics: descriptions of patients. */
  readonly notes: readonly string[];
}

interface BioasqQuestion {
  readonly body: string;
  readonly snippets: readonly { readonly document: string; readonly text: string; readonly beginSection: string }[];
}

function readText(file: string): string {
  const bytes = readFileSync(file);
  return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}

function readLines<T>(file: string): T[] {
  return readText(file).split('\n').filter(line => line !== '').map(line => JSON.parse(line) as T);
}

function bioasqQuestions(data: string): BioasqQuestion[] {
  return [1, 2, 3, 4, 5].flatMap(part => (JSON.parse(readText(join(data, `bioasq/9B${part}_golden.json`))) as { questions: BioasqQuestion[] }).questions);
}

/** The abstracts of SciFact and PubMedQA, and the snippets of BioASQ put together by article. */
function realDocuments(data: string): BenchDocument[] {
  const scifact = readLines<{ _id: string; title: string; text: string }>(join(data, 'scifact/corpus.jsonl.gz'));
  const documents: BenchDocument[] = scifact.map(({ _id, title, text }) => ({ id: `S${_id}`, title, text }));
  const pubmedqa = JSON.parse(readText(join(data, 'pubmedqa/ori_pqal.json'))) as Record<string, { CONTEXTS: string[]; LONG_ANSWER: string }>;
  for (const [id, { CONTEXTS, LONG_ANSWER }] of Object.entries(pubmedqa)) documents.push({ id: `P${id}`, title: '', text: [...CONTEXTS, LONG_ANSWER].join(' ') });
  const articles = new Map<string, Set<string>>();
  for (const { snippets } of bioasqQuestions(data)) {
    for (const { document, text } of snippets) articles.set(document, (articles.get(document) ?? new Set()).add(text));
  }
  for (const [url, texts] of articles) documents.push({ id: `B${url.split('/').pop()}`, title: '', text: [...texts].join(' ') });
  return documents;
}

/** Real documents as far as they reach, then documents of nine sentences, each drawn from a real one (term statistics stay natural; only new words are missing). */
export function benchDocuments(data: string, count: number): BenchDocument[] {
  const documents = realDocuments(data).slice(0, count);
  const sentences = documents.map(document => document.text.split(/(?<=[.?!])\s+(?=[A-Z(])/));
  const real = documents.length;
  let state = 42;
  const below = (limit: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  for (let i = real; i < count; i++) {
    const picked = Array.from({ length: 9 }, () => {
      const from = sentences[below(real)]!;
      return from[below(from.length)]!;
    });
    documents.push({ id: `G${i}`, title: documents[below(real)]!.title, text: picked.join(' ') });
  }
  return documents;
}

export function benchQueries(data: string): BenchQueries {
  const claims = readLines<{ text: string }>(join(data, 'scifact/queries.jsonl')).map(query => query.text);
  const notes = readLines<{ text: string }>(join(data, 'trec-ct/trec_2021/queries.jsonl')).map(query => query.text);
  return { short: [...claims, ...bioasqQuestions(data).map(question => question.body)], notes };
}

/** Files that are needed and absent. */
export function missingData(data: string): string[] {
  return ['scifact/corpus.jsonl.gz', 'scifact/queries.jsonl', 'pubmedqa/ori_pqal.json', 'bioasq/9B1_golden.json', 'trec-ct/trec_2021/queries.jsonl'].filter(file => !existsSync(join(data, file)));
}
