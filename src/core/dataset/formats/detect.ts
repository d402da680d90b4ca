import type { DatasetFormat, RecordMapping } from '../recordTypes';
import type { JsonShape } from './jsonCutter';
import { JsonProbe } from './jsonShape';
import { notesIn } from './notes';

/** Where the records of a JSON text stand; undefined when it holds none. */
export function shapeOf(text: string, mapping?: RecordMapping): JsonShape | undefined {
  const probe = new JsonProbe();
  probe.push(text);
  return probe.shape(mapping)?.shape;
}

/** Format by file name (`.gz` apart) and language; undefined for what only its content can tell, and for sidecars. */
export function formatOfName(fileName: string, languageId?: string): DatasetFormat | undefined {
  const name = fileName.replace(/\.gz$/i, '');
  if (/\.kedrec\.jsonl$/i.test(name)) { return undefined; }
  if (/\.(jsonl|ndjson)$/i.test(name) || languageId === 'jsonl') { return 'jsonl'; }
  if (/\.(csv|tsv)$/i.test(name) || languageId === 'csv' || languageId === 'tsv') { return 'csv'; }
  if (/\.json$/i.test(name) || languageId === 'json') { return 'json'; }
  return undefined;
}

// Notes above that are no notes of cases.
const longestNote = 20 << 20;

/** Format of a JSON text that a probe has seen. */
export function formatOfProbe(probe: JsonProbe, text: string, mapping?: RecordMapping): DatasetFormat | undefined {
  if (probe.isBundle) { return 'fhir'; }
  const found = probe.shape(mapping);
  if (found?.shape.kind === 'array') { return /^\uFEFF?\s*\[\s*\{/.test(text) ? 'json' : undefined; }
  return found?.sure ? 'json' : undefined;
}

/** Format by name and content: JSON files without cases and notes of one case are no datasets. */
export function formatOfText(fileName: string, languageId: string | undefined, text: string): DatasetFormat | undefined {
  const named = formatOfName(fileName, languageId);
  if (named === 'json') {
    const probe = new JsonProbe();
    probe.push(text);
    return formatOfProbe(probe, text);
  }
  if (named || /\.kedrec\.jsonl$/i.test(fileName)) { return named; }
  const isNote = /\.(md|markdown|txt|text|note)$/i.test(fileName) || languageId === 'markdown' || languageId === 'plaintext';
  return isNote && text.length <= longestNote && notesIn(text) ? 'notes' : undefined;
}
