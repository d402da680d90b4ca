import { EvaluationInputError } from './errors';
import type { Judgements } from './retrievalMetrics';

export interface Query {
  readonly id: string;
  readonly text: string;
}

/** The queries of a BEIR data set: JSON Lines with `_id` and `text`. Throws EvaluationInputError. */
export function readQueries(content: string, file: string): Query[] {
  const queries: Query[] = [];
  const seen = new Set<string>();
  lines(content).forEach((line, index) => {
    if (line.trim() === '') { return; }
    const problem = (what: string) => new EvaluationInputError(file, index + 1, what);
    let value: unknown;
    try { value = JSON.parse(line); } catch { throw problem('this line is not JSON. Queries are JSON Lines: {"_id": "1", "text": "..."}.'); }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) { throw problem('this line is not a JSON object. Queries are JSON Lines: {"_id": "1", "text": "..."}.'); }
    const { _id, text } = value as Record<string, unknown>;
    if (typeof _id !== 'string' && typeof _id !== 'number') { throw problem('the field "_id" is missing or no text.'); }
    if (typeof text !== 'string' || text.trim() === '') { throw problem('the field "text" is missing, empty or no text.'); }
    if (seen.has(String(_id))) { throw problem(`the "_id" ${String(_id)} comes twice.`); }
    seen.add(String(_id));
    queries.push({ id: String(_id), text });
  });
  if (queries.length === 0) { throw new EvaluationInputError(file, undefined, 'it has no queries.'); }
  return queries;
}

/** The judgements of a BEIR data set by query: tab-separated `query-id`, `corpus-id`, `score` under a header. Throws EvaluationInputError. */
export function readQrels(content: string, file: string, queries: readonly Query[]): Map<string, Judgements> {
  const known = new Set(queries.map(({ id }) => id));
  const byQuery = new Map<string, Map<string, number>>();
  const [header = '', ...rows] = lines(content);
  if (header.split('\t').map(cell => cell.trim()).join('\t') !== 'query-id\tcorpus-id\tscore') {
    throw new EvaluationInputError(file, 1, 'the header must be query-id, corpus-id, score, separated by tabs.');
  }
  rows.forEach((row, index) => {
    if (row.trim() === '') { return; }
    const problem = (what: string) => new EvaluationInputError(file, index + 2, what);
    const cells = row.split('\t').map(cell => cell.trim());
    if (cells.length !== 3) { throw problem(`${cells.length} columns where 3 are needed (query-id, corpus-id, score).`); }
    const [query, document, score] = cells as [string, string, string];
    if (query === '' || document === '') { throw problem(`the column "${query === '' ? 'query-id' : 'corpus-id'}" is empty.`); }
    if (!/^-?\d+$/.test(score)) { throw problem(`the column "score" is no whole number: "${score}".`); }
    if (!known.has(query)) { throw problem(`the query ${query} is not in the queries file.`); }
    let judged = byQuery.get(query);
    if (!judged) { byQuery.set(query, judged = new Map()); }
    if (judged.has(document)) { throw problem(`document ${document} is judged twice for query ${query}.`); }
    judged.set(document, Number(score));
  });
  if (![...byQuery.values()].some(judged => [...judged.values()].some(score => score > 0))) { throw new EvaluationInputError(file, undefined, 'it judges no document as relevant (score above 0).'); }
  return byQuery;
}

function lines(content: string): string[] {
  return content.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/);
}
