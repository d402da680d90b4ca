import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Papa from 'papaparse';
import { readQrels, readQueries, type Query } from '../../src/core/evaluation/beir';
import type { Judgements } from '../../src/core/evaluation/retrievalMetrics';
import { bioasqDocuments, bioasqQuestions, pubmedqaRecords, readData, scifactDocuments, testData } from './realTexts';

export interface PlainDocument { readonly id: string; readonly title: string; readonly text: string }

/** Judged queries over documents. */
export interface RelevanceSet {
  readonly name: string;
  readonly documents: readonly PlainDocument[];
  readonly queries: readonly Query[];
  readonly qrels: ReadonlyMap<string, Judgements>;
}

const plain = (documents: ReturnType<typeof scifactDocuments>): PlainDocument[] => documents.map(({ id, title, passages }) => ({ id, title, text: passages.map(passage => passage.text).join(' ') }));

/** Claims and the abstracts that support or refute them. */
export function scifact(): RelevanceSet {
  const queries = readQueries(readData('scifact/queries.jsonl'), 'scifact/queries.jsonl');
  const qrels = readQrels(readData('scifact/qrels.test.tsv'), 'scifact/qrels.test.tsv', queries);
  return { name: 'SciFact claims', documents: plain(scifactDocuments()), queries, qrels: new Map([...qrels].map(([id, judged]) => [id, new Map([...judged].map(([document, grade]) => [`S2:${document}`, grade]))])) };
}

/** Questions over the articles that the set quotes and, to stand between them, other abstracts. */
export function bioasq(): RelevanceSet {
  const documents = [...plain(bioasqDocuments()), ...pubmedqaAbstracts().map(document => ({ ...document, id: `other:${document.id}` })), ...plain(scifactDocuments())];
  const held = new Set(documents.map(({ id }) => id));
  const questions = bioasqQuestions().map(({ id, body, documents: urls }) => ({ id, text: body, relevant: urls.map(url => `PMID:${url.split('/').pop()}`).filter(id => held.has(id)) }));
  return { name: 'BioASQ questions', documents, queries: questions, qrels: new Map(questions.filter(({ relevant }) => relevant.length > 0).map(({ id, relevant }) => [id, new Map(relevant.map(document => [document, 1]))])) };
}

function pubmedqaAbstracts(): PlainDocument[] {
  return pubmedqaRecords().map(([pmid, { CONTEXTS }]) => ({ id: `PMID:${pmid}`, title: '', text: CONTEXTS.join(' ') }));
}

/** A question (the title of the article) and the abstract without its conclusion. */
export function pubmedqa(): RelevanceSet {
  const records = pubmedqaRecords();
  return { name: 'PubMedQA question → abstract', documents: [...pubmedqaAbstracts(), ...plain(scifactDocuments())], queries: records.map(([id, { QUESTION }]) => ({ id, text: QUESTION })), qrels: new Map(records.map(([id]) => [id, new Map([[`PMID:${id}`, 1]])])) };
}

/** Long queries: an abstract without its conclusion finds the conclusion. */
export function pubmedqaLong(): RelevanceSet {
  const records = pubmedqaRecords();
  const documents = records.map(([pmid, { LONG_ANSWER }]) => ({ id: `PMID:${pmid}`, title: '', text: LONG_ANSWER }));
  return { name: 'PubMedQA abstract → conclusion (long)', documents: [...documents, ...plain(scifactDocuments())], queries: records.map(([id, { CONTEXTS }]) => ({ id, text: CONTEXTS.join(' ') })), qrels: new Map(records.map(([id]) => [id, new Map([[`PMID:${id}`, 1]])])) };
}

/** Patients' notes and the judged trials whose text is at hand (the HINT table: few of those judged). */
export function trecTrials(): RelevanceSet {
  const folder = join(testData, 'ctgov/hint');
  const rows = readdirSync(folder).filter(file => file.endsWith('.csv')).flatMap(file => Papa.parse<Record<string, string>>(readFileSync(join(folder, file), 'utf8'), { header: true, skipEmptyLines: true }).data);
  const documents = [...new Map(rows.map(({ nctid, diseases, drugs, criteria }) => [nctid!, { id: nctid!, title: `${diseases} ${drugs}`.replace(/[[\]']/g, ' '), text: criteria ?? '' }])).values()];
  const held = new Set(documents.map(({ id }) => id));
  const queries = readQueries(readData('trec-ct/trec_2021/queries.jsonl'), 'queries.jsonl');
  const qrels = readQrels(readData('trec-ct/trec_2021/test.tsv'), 'test.tsv', queries);
  const here = [...qrels].map(([id, judged]) => [id, new Map([...judged].filter(([document]) => held.has(document)))] as const).filter(([, judged]) => [...judged.values()].some(grade => grade > 0));
  return { name: 'TREC CT 2021 notes → trials (long)', documents, queries, qrels: new Map(here) };
}
