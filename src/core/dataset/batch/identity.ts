import { createHash } from 'node:crypto';
import { anchorOf } from '../anchors';
import type { Anchor } from '../annotationTypes';
import type { DatasetRecord, FileRecord } from '../recordTypes';

/** Anchor of a record: its whole text in its file. */
export function recordAnchor(record: FileRecord): Anchor {
  const { source, span, id, index } = record;
  return { ...anchorOf(source, { start: 0, end: source.length }, { ...(id === undefined ? {} : { id }), index }), start: span.start };
}

/** SHA-256, hex, of a record's text, as its anchor has it. */
export function recordHash(record: FileRecord): string { return createHash('sha256').update(record.source, 'utf8').digest('hex'); }

/** SHA-256, hex, of what is asked: two records with the same text, disease and candidates are one question. */
export function caseHash({ caseText, disease, candidates }: Pick<DatasetRecord, 'caseText' | 'disease' | 'candidates'>): string {
  return createHash('sha256').update(JSON.stringify([caseText, disease ?? null, candidates ?? []]), 'utf8').digest('hex');
}
