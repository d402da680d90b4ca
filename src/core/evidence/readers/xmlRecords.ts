import { lineEnds, REPLACEMENT, WRONG_ENCODING } from './decode';
import { parseXml } from './xml';
import type { XmlElement } from './xml';
import type { ReaderInput, RecordPosition } from './types';

export interface XmlRecord {
  readonly root: XmlElement;
  readonly position: RecordPosition;
}

export interface XmlRecordOptions {
  /** The same element may stand inside a record; else a second start tag means that the first record is cut off. */
  readonly nested?: boolean;
}

/** Longest record, in characters; what is longer is reported and skipped. */
const LONGEST = 128 << 20;

/** Name of the root element at the start of an XML file, or undefined where it is not one. */
export function rootElement(head: string): string | undefined {
  return /^\s*(?:<\?[^]*?\?>\s*|<!--[^]*?-->\s*|<!DOCTYPE[^[>]*(?:\[[^\]]*\])?[^>]*>\s*)*<([A-Za-z_][\w.:-]*)/.exec(head)?.[1];
}

/** The records of an XML file: each element with one of `names` is cut out and parsed alone, so that a broken one spoils no other. */
export async function* xmlRecords(input: ReaderInput, names: readonly string[], options: XmlRecordOptions = {}): AsyncGenerator<XmlRecord> {
  let record = 0;
  for await (const slice of slices(input.text, names, options.nested ?? false)) {
    record++;
    const position = { record, line: slice.line };
    if (slice.fault !== undefined) { input.problem(position, slice.fault); continue; }
    if (slice.text.includes(REPLACEMENT)) { input.problem(position, WRONG_ENCODING); continue; }
    let root: XmlElement;
    try { root = parseXml(slice.text); } catch (error) {
      input.problem(position, error instanceof Error ? error.message : 'broken XML');
      continue;
    }
    yield { root, position };
  }
}

interface Slice {
  readonly text: string;
  readonly line: number;
  readonly fault?: string;
}

async function* slices(chunks: AsyncIterable<string>, names: readonly string[], nested: boolean): AsyncGenerator<Slice> {
  const tag = new RegExp(`<(/?)(${names.join('|')})(?=[\\s>/])[^<>]*>`, 'g');
  let buffer = '';
  let line = 1;
  let open: string | undefined;
  let depth = 0;
  let searched = 0;
  const drop = (count: number): void => {
    line += lineEnds(buffer, 0, count);
    buffer = buffer.slice(count);
  };
  try {
    for await (const chunk of chunks) {
      buffer += chunk;
      tag.lastIndex = searched;
      for (let match = tag.exec(buffer); match !== null; match = tag.exec(buffer)) {
        const [whole, slash, name] = match;
        const closes = slash === '/';
        searched = tag.lastIndex;
        if (whole.endsWith('/>')) continue;
        if (open === undefined) {
          if (closes) continue;
          drop(match.index);
          [open, depth, searched] = [name, 1, whole.length];
        } else if (closes && name === open) {
          if (--depth > 0) continue;
          const end = match.index + whole.length;
          yield { text: buffer.slice(0, end), line };
          drop(end);
          [open, searched] = [undefined, 0];
        } else if (!closes) {
          if (nested) { if (name === open) depth++; continue; }
          yield { text: '', line, fault: `the <${open}> is not closed before the next record` };
          drop(match.index);
          [open, depth, searched] = [name, 1, whole.length];
        }
        tag.lastIndex = searched;
      }
      // A tag may be cut in two by the end of the chunk; what stands before its start is done.
      const lastTag = buffer.lastIndexOf('<');
      searched = lastTag < searched ? buffer.length : lastTag;
      if (open === undefined) {
        drop(searched);
        searched = 0;
      } else if (buffer.length > LONGEST) {
        yield { text: '', line, fault: `the <${open}> is longer than ${LONGEST >> 20} million characters` };
        drop(buffer.length);
        [open, searched] = [undefined, 0];
      }
    }
  } catch (error) {
    if (open !== undefined) yield { text: '', line, fault: `the file cannot be read further inside the <${open}>` };
    throw error;
  }
  if (open !== undefined) yield { text: '', line, fault: `the file ends inside the <${open}>` };
}
