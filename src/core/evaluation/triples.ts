import { EvaluationInputError } from './errors';

/** A disease, a drug that is used for it, and one that is not. */
export interface Triple {
  readonly disease: string;
  readonly relevant: string;
  readonly irrelevant: string;
  /** Line of the file, from 1. */
  readonly line: number;
}

const columns = ['disease', 'relevant', 'irrelevant'] as const;

/** Reads tab-separated triples under the header `disease`, `relevant`, `irrelevant` (in any order; further columns are allowed). Throws EvaluationInputError. */
export function readTriples(content: string, file: string): Triple[] {
  const lines = content.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/);
  const header = (lines[0] ?? '').split('\t').map(cell => cell.trim().toLowerCase());
  const places = columns.map(column => {
    const place = header.indexOf(column);
    if (place < 0) { throw new EvaluationInputError(file, 1, `the column "${column}" is missing. The header must be disease, relevant, irrelevant, separated by tabs.`); }
    if (header.lastIndexOf(column) !== place) { throw new EvaluationInputError(file, 1, `the column "${column}" comes twice.`); }
    return place;
  });
  const triples = lines.slice(1).flatMap((text, index) => {
    if (text.trim() === '') { return []; }
    const line = index + 2;
    const cells = text.split('\t').map(cell => cell.trim());
    if (cells.length !== header.length) { throw new EvaluationInputError(file, line, `${cells.length} columns where the header has ${header.length}.`); }
    const [disease, relevant, irrelevant] = places.map((place, which) => {
      const cell = cells[place]!;
      if (cell === '') { throw new EvaluationInputError(file, line, `the column "${columns[which]}" is empty.`); }
      if (cell.length > 200) { throw new EvaluationInputError(file, line, `the column "${columns[which]}" has ${cell.length} characters; a name can have 200.`); }
      return cell;
    }) as [string, string, string];
    if (relevant.toLowerCase() === irrelevant.toLowerCase()) { throw new EvaluationInputError(file, line, 'the columns "relevant" and "irrelevant" name the same drug.'); }
    return [{ disease, relevant, irrelevant, line }];
  });
  if (triples.length === 0) { throw new EvaluationInputError(file, undefined, 'it has no triples.'); }
  return triples;
}
