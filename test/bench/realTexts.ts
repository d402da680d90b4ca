// Evidence documents out of the test data, for measurements. Nothing of it is ever written into the project.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import Papa from 'papaparse';
import type { EvidenceDocument, EvidenceSource } from '../../src/core/evidence/types';

export const testData = resolve(process.env.KEDREC_TEST_DATA ?? join(import.meta.dirname, '../../../shared/data'));

/** Ends the program with a message when a file of the test data is absent. */
export function requireData(...files: string[]): void {
  const missing = files.filter(file => !existsSync(join(testData, file)));
  if (missing.length === 0) { return; }
  console.log(`Skipped: ${missing.join(', ')} not in ${testData} (set KEDREC_TEST_DATA).`);
  process.exit(0);
}

export function readData(file: string): string {
  const bytes = readFileSync(join(testData, file));
  return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}

export function readJsonLines<T>(file: string): T[] {
  return readData(file).split('\n').filter(line => line !== '').map(line => JSON.parse(line) as T);
}

export interface BioasqQuestion {
  readonly id: string;
  readonly body: string;
  readonly documents: readonly string[];
  readonly snippets: readonly { readonly document: string; readonly text: string; readonly beginSection: string }[];
}

export function bioasqQuestions(): BioasqQuestion[] {
  return [1, 2, 3, 4, 5].flatMap(part => (JSON.parse(readData(`bioasq/9B${part}_golden.json`)) as { questions: BioasqQuestion[] }).questions);
}

export interface PubmedqaRecord { readonly QUESTION: string; readonly CONTEXTS: readonly string[]; readonly LABELS: readonly string[]; readonly LONG_ANSWER: string }

export function pubmedqaRecords(): [pmid: string, record: PubmedqaRecord][] {
  return Object.entries(JSON.parse(readData('pubmedqa/ori_pqal.json')) as Record<string, PubmedqaRecord>);
}

type Part = readonly [text: string, section?: string];

function documentOf(id: string, title: string, parts: readonly Part[], source: EvidenceSource = 'literature', more: Partial<EvidenceDocument> = {}): EvidenceDocument {
  return { id, source, title, ...more, passages: parts.map(([text, section], index) => ({ id: `${id}#${index + 1}`, documentId: id, ...(section ? { section } : {}), text })) };
}

const lastOf = (url: string): string => url.split('/').pop()!;

export function scifactDocuments(): EvidenceDocument[] {
  return readJsonLines<{ _id: string; title: string; text: string }>('scifact/corpus.jsonl.gz').map(({ _id, title, text }) => documentOf(`S2:${_id}`, title, [[text]]));
}

export function pubmedqaDocuments(): EvidenceDocument[] {
  return pubmedqaRecords().map(([pmid, { CONTEXTS, LABELS, LONG_ANSWER }]) =>
    documentOf(`PMID:${pmid}`, '', [...CONTEXTS.map((text, index): Part => [text, LABELS[index]]), [LONG_ANSWER, 'Conclusion']]));
}

/** Snippets of one article put together; its title where a question quotes it. */
export function bioasqDocuments(): EvidenceDocument[] {
  const articles = new Map<string, { title: string; texts: Set<string> }>();
  for (const { document, text, beginSection } of bioasqQuestions().flatMap(({ snippets }) => snippets)) {
    const pmid = lastOf(document);
    const article = articles.get(pmid) ?? { title: '', texts: new Set<string>() };
    if (beginSection === 'title') { article.title = text; } else { article.texts.add(text); }
    articles.set(pmid, article);
  }
  return [...articles].map(([pmid, { title, texts }]) => documentOf(`PMID:${pmid}`, title, [[[...texts].join(' ') || title]]));
}

/** PubTator abstracts of chemicals and diseases (BC5CDR). */
function bc5cdrDocuments(): EvidenceDocument[] {
  return ['Training', 'Development'].flatMap(part => {
    const found = new Map<string, { title: string; text: string }>();
    for (const [, pmid, kind, text] of readData(`bc5cdr/CDR_${part}Set.PubTator.txt.gz`).matchAll(/^(\d+)\|([ta])\|(.*)$/gm)) {
      const article = found.get(pmid!) ?? { title: '', text: '' };
      found.set(pmid!, kind === 't' ? { ...article, title: text! } : { ...article, text: text! });
    }
    return [...found].map(([pmid, { title, text }]) => documentOf(`PMID:${pmid}`, title, [[text]]));
  });
}

/** Trials of the HINT table: what was tried in what, and whether it was stopped. */
function hintDocuments(): EvidenceDocument[] {
  const folder = join(testData, 'ctgov/hint');
  return readdirSync(folder).filter(file => file.endsWith('.csv')).flatMap(file => {
    const { data } = Papa.parse<Record<string, string>>(readFileSync(join(folder, file), 'utf8'), { header: true, skipEmptyLines: true });
    return data.map(row => {
      const list = (cell = '') => [...cell.matchAll(/'([^']*)'|"([^"]*)"/g)].map(([, single, double]) => single ?? double ?? '').join(', ');
      const stopped = row.why_stop ? ` It was stopped: ${row.why_stop}.` : '';
      return documentOf(row.nctid!, `Trial of ${list(row.drugs)} in ${list(row.diseases)}`, [[`A ${row.phase} trial of ${list(row.drugs)} in ${list(row.diseases)}; status ${row.status}.${stopped}`]], 'trials', { facts: { phase: row.phase ?? '', status: row.status ?? '' } });
    });
  });
}

function caseReports(): EvidenceDocument[] {
  return readdirSync(join(testData, 'e3c-case-reports')).filter(file => file.endsWith('.json')).map(file => {
    const { id, url, text } = JSON.parse(readData(`e3c-case-reports/${file}`)) as { id: string; url: string; text: string };
    return documentOf(/pubmed\.ncbi/.test(url) ? `PMID:${lastOf(url)}` : id, '', text.split(/\n\s*\n/).filter(part => part.trim() !== '').map((part): Part => [part]), 'literature', { design: 'case report' });
  });
}

/** Every text of the test data that says something about drugs in diseases, each article once. Judged question sets first. */
export function evidenceDocuments(): EvidenceDocument[] {
  const byId = new Map<string, EvidenceDocument>();
  for (const document of [...scifactDocuments(), ...pubmedqaDocuments(), ...bc5cdrDocuments(), ...hintDocuments(), ...caseReports(), ...bioasqDocuments()]) {
    if (!byId.has(document.id)) { byId.set(document.id, document); }
  }
  return [...byId.values()];
}
