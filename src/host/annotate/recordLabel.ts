import { withPlainLineBreaks } from '../../core/dataset/anchors';
import { recordAt } from '../../core/dataset/records';
import type { DrugRef } from '../../core/engine/types';
import { slugOf } from '../../core/recommend/names';
import type { Services } from '../services';
import type { DocumentAnnotations, PlacedAnnotation } from './documentAnnotations';

/** Drugs that the annotation's record says are right; undefined where it says nothing or cannot be read. */
export async function labelOf(owner: DocumentAnnotations, placed: PlacedAnnotation, services: Services): Promise<readonly DrugRef[] | undefined> {
  const { document } = owner;
  const { mappings } = services;
  const format = placed.annotation.anchor.record && mappings.formatOf(document);
  if (!format || !placed.span) { return undefined; }
  // A line of JSON is a record by itself; the others need what stands above them.
  const alone = format === 'jsonl';
  const range = alone ? owner.rangeOf(placed) : undefined;
  let label: readonly string[] | undefined;
  try { label = recordAt(withPlainLineBreaks(document.getText(range)), alone ? 0 : placed.span.start, format, mappings.of(document))?.label; } catch { return undefined; }
  return label?.length ? label.map(await drugLookup(services)) : undefined;
}

/** Names as the terminology's drugs, so that a brand or another spelling is the same drug. */
export async function drugLookup(services: Services): Promise<(name: string) => DrugRef> {
  const { terminology } = await services.knowledge();
  return name => ({ id: terminology.lookup(name, 'drug')?.id ?? slugOf(name), name });
}
