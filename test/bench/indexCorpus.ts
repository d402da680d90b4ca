import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { bioasqQuestions, evidenceDocuments, readData, readJsonLines, testData } from './realTexts';

/** A document of the benchmark. */
export interface BenchDocument {
  readonly id: string;
  readonly title: string;
  readonly text: string;
}

export interface BenchQueries {
  /** SciFact claims and BioASQ questions. */
  readonly short: readonly string[];
  /** TREC clinical-trial topics, descriptions of patients: two in a row put together and cut to 200 words. */
  readonly notes: readonly string[];
}

/** Judged sets' abstracts, other abstracts, trials, case reports, then paragraphs of open-access articles: every passage a document, each text once. */
function realDocuments(): BenchDocument[] {
  const documents = new Map<string, BenchDocument>();
  const keep = (id: string, title: string, text: string): void => {
    if (text.length > 80 && !documents.has(text)) { documents.set(text, { id, title, text }); }
  };
  for (const { title, passages } of evidenceDocuments()) for (const { id, text } of passages) keep(id, title, text);
  const folder = join(testData, 'evidence-inference/nxml');
  for (const file of readdirSync(folder).sort()) {
    const xml = readFileSync(join(folder, file), 'utf8');
    const title = plainText(/<article-title>(.*?)<\/article-title>/s.exec(xml)?.[1] ?? '');
    [...xml.matchAll(/<p>(.*?)<\/p>/gs)].forEach(([, paragraph], number) => keep(`${file.replace(/\.nxml$/, '')}#${number + 1}`, title, plainText(paragraph!)));
  }
  return [...documents.values()];
}

function plainText(xml: string): string {
  return xml.replace(/<[^>]*>/g, ' ').replace(/&#x([0-9a-f]+);/gi, (_, code: string) => String.fromCodePoint(parseInt(code, 16))).replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&').replace(/\s+/g, ' ').trim();
}

/** Titles of other articles, real ones: what they name brings the new words that a larger collection has. */
function moreTitles(): string[] {
  const lines = readData('derived-id-check/pmid_titles.tsv.gz').split('\n').slice(1);
  return lines.map(line => line.split('\t')[3] ?? '').filter(title => title.length > 20);
}

/**
 * Writes `count` documents as JSON lines: real ones as far as they reach, then composed ones, each the real title of one more article over nine sentences
 * drawn from the real ones. Returns how many are real.
 */
export function writeCorpus(file: string, count: number): number {
  const real = realDocuments().slice(0, count);
  const sentences = real.map(document => document.text.split(/(?<=[.?!])\s+(?=[A-Z(])/));
  const titles = count > real.length ? moreTitles() : [];
  let state = 42;
  const below = (limit: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  const handle = openSync(file, 'w');
  const write = (document: BenchDocument): void => void writeSync(handle, `${JSON.stringify(document)}\n`);
  real.forEach(write);
  for (let i = real.length; i < count; i++) {
    const title = titles[(i - real.length) % titles.length]!;
    const picked = Array.from({ length: 9 }, () => {
      const from = sentences[below(sentences.length)]!;
      return from[below(from.length)]!;
    });
    write({ id: `C${i}`, title, text: [title, ...picked].join(' ') });
  }
  closeSync(handle);
  return real.length;
}

/** The documents of a file one by one, so that a build's memory is the engine's. */
export function* readCorpus(file: string): Generator<BenchDocument> {
  const handle = openSync(file, 'r');
  const chunk = Buffer.alloc(1 << 18);
  let rest = Buffer.alloc(0);
  for (let count = readSync(handle, chunk); count > 0; count = readSync(handle, chunk)) {
    const bytes = Buffer.concat([rest, chunk.subarray(0, count)]);
    let start = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
      yield JSON.parse(bytes.toString('utf8', start, end)) as BenchDocument;
      start = end + 1;
    }
    rest = bytes.subarray(start);
  }
  closeSync(handle);
}

export function benchQueries(): BenchQueries {
  const claims = readJsonLines<{ text: string }>('scifact/queries.jsonl').map(query => query.text);
  const topics = readJsonLines<{ text: string }>('trec-ct/trec_2021/queries.jsonl').map(query => query.text);
  const notes = topics.map((topic, i) => `${topic} ${topics[(i + 1) % topics.length]!}`.split(/\s+/).slice(0, 200).join(' '));
  return { short: [...claims, ...bioasqQuestions().map(question => question.body)], notes };
}

/** Files that are needed and absent. */
export function missingData(): string[] {
  return ['scifact/corpus.jsonl.gz', 'scifact/queries.jsonl', 'pubmedqa/ori_pqal.json', 'bioasq/9B1_golden.json', 'trec-ct/trec_2021/queries.jsonl', 'derived-id-check/pmid_titles.tsv.gz']
    .filter(file => !existsSync(join(testData, file)));
}
