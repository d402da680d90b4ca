import type { PlacedAnnotation } from './documentAnnotations';

/** Of placed annotations those that speak for their place, in file order: the newest of a place, a failure only where nothing else stands. */
export function standingOf(placed: readonly PlacedAnnotation[]): PlacedAnnotation[] {
  const byPlace = new Map<string, PlacedAnnotation>();
  for (const one of placed) {
    if (!one.span) { continue; }
    const key = `${one.span.start}-${one.span.end}`;
    const other = byPlace.get(key);
    if (!other || speaksBefore(one, other)) { byPlace.set(key, one); }
  }
  return [...byPlace.values()].sort((a, b) => a.span!.start - b.span!.start || b.span!.end - a.span!.end);
}

function speaksBefore({ annotation: a }: PlacedAnnotation, { annotation: b }: PlacedAnnotation): boolean {
  const failed = Number(Boolean(a.failure)) - Number(Boolean(b.failure));
  return failed === 0 ? a.at > b.at : failed < 0;
}
