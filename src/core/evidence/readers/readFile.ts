import { corpusMembers, peek } from './bytes';
import type { CorpusMember } from './bytes';
import { decoded, encodingOf } from './decode';
import { jatsReader } from './jats';
import { jsonReader } from './json';
import { medlineReader } from './medline';
import { pubmedXmlReader } from './pubmedXml';
import { splReader } from './spl';
import { tableReader } from './table';
import { trialsXmlReader } from './trialsXml';
import { UnreadableFileError } from './types';
import type { CorpusFormat, CorpusProblem, CorpusReader, CorpusRecord, FieldMapping } from './types';
import { rootElement } from './xmlRecords';

/** Every kind of file, the most telling first. A new format is a reader here. */
const READERS: readonly CorpusReader[] = [pubmedXmlReader, jatsReader, trialsXmlReader, splReader, jsonReader, medlineReader, tableReader];

const HEAD = 64 * 1024;

export interface ReadFileOptions {
  readonly mapping?: FieldMapping;
  readonly onProblem: (problem: CorpusProblem) => void;
  /** Bytes read from disk since the last call. */
  readonly onBytes?: (count: number) => void;
  /** A file, or a member of an archive, that was recognised or not. */
  readonly onFile?: (file: string, recognised: boolean) => void;
  /** A document that its source has taken back. */
  readonly onRemove?: (id: string, format: CorpusFormat) => void;
  readonly signal?: AbortSignal;
}

/** The records of one file. What cannot be read is reported, never thrown; an abort rejects with the signal's reason. */
export async function* readFileRecords(file: string, options: ReadFileOptions): AsyncGenerator<CorpusRecord> {
  const onBytes = (count: number): void => {
    options.signal?.throwIfAborted();
    options.onBytes?.(count);
  };
  try {
    for await (const member of corpusMembers(file, onBytes)) yield* readMember(member, options);
  } catch (error) {
    options.signal?.throwIfAborted();
    options.onProblem({ file, reason: fileReason(error) });
  }
}

async function* readMember(member: CorpusMember, options: ReadFileOptions): AsyncGenerator<CorpusRecord> {
  const file = member.name;
  let recognised = false;
  try {
    const { head: bytes, all } = await peek(member.bytes, chunks => chunks.length > 0);
    const encoding = encodingOf(bytes[0] ?? new Uint8Array());
    const { head: pieces, all: text } = await peek(decoded(all, encoding), chunks => chunks.reduce((sum, chunk) => sum + chunk.length, 0) >= HEAD);
    const head = pieces.join('').slice(0, HEAD);
    // Nothing at all may mean that the data is damaged from its start: reading on tells.
    if (head === '') for await (const _ of text) break;
    const reader = readerOf(file, head, options.mapping);
    recognised = true;
    options.onFile?.(file, true);
    const problem: Parameters<CorpusReader['read']>[0]['problem'] = (position, reason) => options.onProblem({ file, ...position, reason });
    const remove: Parameters<CorpusReader['read']>[0]['remove'] = (id, format) => options.onRemove?.(id, format);
    for await (const record of reader.read({ file, head, text, mapping: options.mapping, problem, remove })) {
      options.signal?.throwIfAborted();
      yield record;
    }
  } catch (error) {
    options.signal?.throwIfAborted();
    if (!recognised) options.onFile?.(file, false);
    options.onProblem({ file, reason: fileReason(error) });
  }
}

function readerOf(file: string, head: string, mapping: FieldMapping | undefined): CorpusReader {
  if (head.trim() === '') throw new UnreadableFileError('it is empty');
  if (head.includes('\0')) throw new UnreadableFileError(head.slice(257, 262) === 'ustar' ? 'it is a tar archive; unpack it first' : 'it is no text');
  const reader = READERS.find(candidate => candidate.recognises({ file, head, mapping }));
  if (reader !== undefined) return reader;
  const root = rootElement(head);
  throw new UnreadableFileError(root === undefined ? 'it is none of the formats that can be read' : `XML with <${root}> is none of the formats that can be read`);
}

function fileReason(error: unknown): string {
  if (error instanceof UnreadableFileError) return error.message;
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  if (code === 'ENOENT') return 'it does not exist';
  if (code === 'EACCES' || code === 'EPERM') return 'it may not be read';
  return `it cannot be read${code === undefined ? error instanceof Error ? ` (${error.message})` : '' : ` (${code})`}`;
}
