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
    const parse = (text: string): { cells: readonly string[]; fault?: string } => {
      const { data, errors } = Papa.parse<string[]>(text, { delimiter });
      const cells = data[0] ?? [];
      if (errors.length > 0) return { cells, fault: `broken quoting (${errors[0]!.code})` };
      return cells.length === columns.length ? { cells } : { cells, fault: `${cells.length} cells where the header has ${columns.length}` };
    };
    for await (const { text, line, fault } of rows(input.text, row => parse(row).fault === undefined)) {
      if (text.trim() === '' && fault === undefined) continue;
      record++;
      if (record === 0) continue;
      const position = { record, line };
      if (fault !== undefined) { input.problem(position, fault); continue; }
      if (text.includes(REPLACEMENT)) { input.problem(position, WRONG_ENCODING); continue; }
      const { cells, fault: broken } = parse(text);
      if (broken !== undefined) { input.problem(position, broken); continue; }
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

/** Rows with their line ends inside quotes. After a quote that swallowed what follows, reading goes on at the next line. */
async function* rows(chunks: AsyncIterable<string>, valid: (row: string) => boolean): AsyncGenerator<Row> {
  let buffer = '';
  let line = 1;
  function* cut(ended: boolean): Generator<Row> {
    while (buffer !== '') {
      const { end, closed } = rowEnd(buffer);
      const complete = end >= 0 || ended && closed;
      if (!complete && !ended && buffer.length <= LONGEST) return;
      const text = complete ? buffer.slice(0, end < 0 ? buffer.length : end).replace(/\r$/, '') : '';
      const swallowed = !complete || text.includes('\n') && !valid(text);
      yield swallowed ? { text: '', line, fault: 'a quote is opened and not closed' } : { text, line };
      const next = (swallowed ? buffer.indexOf('\n') : end) + 1;
      const used = next === 0 ? buffer.length : next;
      line += lineEnds(buffer, 0, used);
      buffer = buffer.slice(used);
    }
  }
  for await (const chunk of chunks) {
    buffer += chunk;
    yield* cut(false);
  }
  yield* cut(true);
}

/** Place of the line end that ends the first row (-1 for none), and whether all quotes are closed there. */
function rowEnd(text: string): { end: number; closed: boolean } {
  const mark = /["\n]/g;
  let closed = true;
  for (let match = mark.exec(text); match !== null; match = mark.exec(text)) {
    if (match[0] === '"') closed = !closed;
    else if (closed) return { end: match.index, closed };
  }
  return { end: -1, closed };
}
