import { basename } from 'node:path';
import Papa from 'papaparse';
import { lineEnds, REPLACEMENT, WRONG_ENCODING } from './decode';
import { guessMapping, mappedDocument } from './mapped';
import { UnreadableFileError } from './types';
import type { CorpusReader, FieldMapping } from './types';

/** CSV and TSV with a header row. */
export const tableReader: CorpusReader = {
  name: 'CSV or TSV',
  recognises: ({ file, head, mapping }) => tableMapping(head, mapping) !== undefined || mapping === undefined && /\.(csv|tsv)(\.gz)?$/i.test(file),
  async *read(input) {
    const shape = tableMapping(input.head, input.mapping);
    if (shape === undefined) throw new UnreadableFileError('no id and text can be guessed from its column names; give a field mapping');
    const { columns, delimiter, mapping } = shape;
    const missing = [mapping.id, mapping.title, mapping.year, mapping.url].concat(mapping.text).filter(name => name !== undefined && !columns.includes(name));
    if (missing.length > 0) throw new UnreadableFileError(`it has no column "${missing[0]}" that the mapping names`);
    let record = -1;
    for await (const { text, line, fault } of rows(input.text)) {
      if (text.trim() === '' && fault === undefined) continue;
      record++;
      if (record === 0) continue;
      const position = { record, line };
      if (fault !== undefined) { input.problem(position, fault); continue; }
      if (text.includes(REPLACEMENT)) { input.problem(position, WRONG_ENCODING); continue; }
      const { data, errors } = Papa.parse<string[]>(text, { delimiter });
      const cells = data[0] ?? [];
      if (errors.length > 0) { input.problem(position, `broken quoting (${errors[0]!.code})`); continue; }
      if (cells.length !== columns.length) { input.problem(position, `${cells.length} cells where the header has ${columns.length}`); continue; }
      try {
        yield { format: 'mapped-table', document: mappedDocument(name => cells[columns.indexOf(name)], mapping, `${basename(input.file)}:${record}`) };
      } catch (error) { input.problem(position, error instanceof Error ? error.message : 'not a record'); }
    }
  },
};

function tableMapping(head: string, given: FieldMapping | undefined): { columns: readonly string[]; delimiter: string; mapping: FieldMapping } | undefined {
  const first = head.trimStart().split(/\r?\n/, 1)[0] ?? '';
  const delimiter = ['\t', ',', ';'].find(candidate => first.includes(candidate));
  if (delimiter === undefined) return undefined;
  const columns = (Papa.parse<string[]>(first, { delimiter }).data[0] ?? []).map(column => column.trim());
  const mapping = given ?? guessMapping(columns);
  return mapping === undefined ? undefined : { columns, delimiter, mapping };
}

interface Row {
  readonly text: string;
  readonly line: number;
  readonly fault?: string;
}

/** Longest row in characters; a quote that is never closed would otherwise swallow the rest. */
const LONGEST = 4 << 20;

/** Rows with their line ends inside quotes; after an open quote reading goes on at the next line. */
async function* rows(chunks: AsyncIterable<string>): AsyncGenerator<Row> {
  let buffer = '';
  let line = 1;
  function* cut(ended: boolean): Generator<Row> {
    for (;;) {
      const end = rowEnd(buffer);
      if (end >= 0) {
        const text = buffer.slice(0, end).replace(/\r$/, '');
        yield { text, line };
        line += lineEnds(buffer, 0, end + 1);
        buffer = buffer.slice(end + 1);
      } else if (ended && buffer !== '' && quotesClosed(buffer)) {
        yield { text: buffer.replace(/\r$/, ''), line };
        buffer = '';
      } else if (buffer !== '' && (ended || buffer.length > LONGEST)) {
        yield { text: '', line, fault: 'a quote is opened and never closed' };
        const next = buffer.indexOf('\n');
        buffer = next < 0 ? '' : buffer.slice(next + 1);
        line++;
      } else return;
    }
  }
  for await (const chunk of chunks) {
    buffer += chunk;
    yield* cut(false);
  }
  yield* cut(true);
}

/** Place of the line end that ends the first row, or -1. */
function rowEnd(text: string): number {
  let from = 0;
  for (;;) {
    const end = text.indexOf('\n', from);
    if (end < 0) return -1;
    if (quotesClosed(text.slice(0, end))) return end;
    from = end + 1;
  }
}

function quotesClosed(text: string): boolean {
  let closed = true;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) closed = !closed;
  return closed;
}
