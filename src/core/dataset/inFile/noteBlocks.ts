import type { Span } from '../../text/span';

const begin = /(?:\r\n|\n|\r){2}(?:### )?KEDRec recommendation(?:\r\n|\n|\r)/g;
// The last sentence of a block (`researchUse` of src/shared/labels.ts); a test compares them.
export const blockEnd = 'For research only; not clinical advice.';

function nextBegin(text: string, from: number): number {
  const search = new RegExp(begin.source, 'g');
  search.lastIndex = from;
  return search.exec(text)?.index ?? text.length;
}

/** Readable blocks below cases, each with the two line breaks before it. */
export function blocksIn(text: string): readonly Span[] {
  const spans: Span[] = [];
  begin.lastIndex = 0;
  if (!text.includes('KEDRec recommendation')) { return spans; }
  for (let match = begin.exec(text); match; match = begin.exec(text)) {
    const end = text.indexOf(blockEnd, match.index);
    if (end < 0) { break; }
    // A heading of the user's that is worded the same begins no block: the last one before the end does.
    const next = nextBegin(text, match.index + match[0].length);
    if (next < end) { begin.lastIndex = next; continue; }
    spans.push({ start: match.index, end: end + blockEnd.length });
    begin.lastIndex = end;
  }
  return spans;
}
