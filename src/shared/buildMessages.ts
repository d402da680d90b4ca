import type { CorpusBuildProgress, CorpusBuildResult } from '../core/evidence/corpusBuild';
import type { IndexOrigin } from '../core/evidence/live/origin';
import type { CorpusSummary } from '../core/evidence/readers/corpus';
import type { CorpusProblem, FieldMapping } from '../core/evidence/readers/types';

/** What the editor asks of the build process, as the first message on its channel. */
export interface BuildOrder {
  /** Absolute paths of files and folders. */
  readonly inputs: readonly string[];
  /** Index file to write; its folder exists. */
  readonly output: string;
  readonly name: string;
  /** Field mappings of generic tables and JSON, by file. */
  readonly mappings?: Readonly<Record<string, FieldMapping>>;
  /** Kept with an index of live sources. */
  readonly origin?: IndexOrigin;
}

/** What the build process tells; `done` or `failed` comes last. */
export type BuildMessage =
  | { readonly kind: 'progress'; readonly progress: CorpusBuildProgress }
  | { readonly kind: 'problem'; readonly problem: CorpusProblem }
  | { readonly kind: 'done'; readonly result: CorpusBuildResult }
  | { readonly kind: 'failed'; readonly message: string; readonly summary?: CorpusSummary };

/** "FILE (record 4, line 9): skipped: broken JSON". */
export function problemText({ file, record, line, reason }: CorpusProblem): string {
  const place = [record === undefined ? undefined : `record ${record}`, line === undefined ? undefined : `line ${line}`].filter(part => part !== undefined).join(', ');
  return `${file}${place === '' ? '' : ` (${place})`}: skipped: ${reason}`;
}

/** "reading 2/7 files, 31 %, 412 documents". */
export function progressText({ stage, filesDone, files, bytesRead, bytes, documents, indexed }: CorpusBuildProgress): string {
  if (stage === 'writing') return 'writing';
  if (stage === 'indexing') return `indexing ${indexed}/${documents}`;
  return `reading ${filesDone}/${files} files, ${bytes > 0 ? Math.floor(100 * bytesRead / bytes) : 100} %, ${documents} documents`;
}
