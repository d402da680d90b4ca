import { withPlainLineBreaks } from '../../core/dataset/anchors';
import { recordAt } from '../../core/dataset/records';
import type { DatasetMappings } from '../dataset/mappings';
import type { DocumentAnnotations, PlacedAnnotation } from './documentAnnotations';

/** Drugs that the annotation's record says are right; undefined where it says nothing or cannot be read. */
export function labelOf(owner: DocumentAnnotations, placed: PlacedAnnotation, mappings: DatasetMappings): readonly string[] | undefined {
  const { document } = owner;
  const format = placed.annotation.anchor.record && mappings.formatOf(document);
  if (!format || !placed.span) { return undefined; }
  // A line of JSON is a record by itself; the others need what stands above them.
  const alone = format === 'jsonl';
  const range = alone ? owner.rangeOf(placed) : undefined;
  try { return recordAt(withPlainLineBreaks(document.getText(range)), alone ? 0 : placed.span.start, format, mappings.of(document))?.label; } catch { return undefined; }
}
