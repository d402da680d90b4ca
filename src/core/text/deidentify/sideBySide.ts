import type { Replacement } from './types';

/**
 * A text and what is sent of it, with the same line breaks on both sides, so that nothing of a long line is out of sight in a diff. `width`: characters of a
 * line, where words allow.
 */
export function sideBySide(text: string, replacements: readonly Replacement[], width = 52): readonly [original: string, changed: string] {
  const sides: [string, string] = ['', ''];
  let columns: [number, number] = [0, 0];
  const put = (pieces: readonly [string, string]) => {
    if (pieces[0] === '\n') { sides[0] += '\n'; sides[1] += '\n'; columns = [0, 0]; return; }
    const longest = Math.max(...columns.map((column, side) => column + pieces[side]!.trimEnd().length));
    if (longest > width && columns[0] > 0) { sides[0] += '\n'; sides[1] += '\n'; columns = [0, 0]; }
    pieces.forEach((piece, side) => { sides[side]! += piece; columns[side]! += piece.length; });
  };
  const words = (plain: string) => { for (const word of plain.match(/\n|[^\S\n]+|\S+[^\S\n]*/g) ?? []) { put([word, word]); } };
  let end = 0;
  for (const { span, surrogate } of [...replacements].sort((a, b) => a.span.start - b.span.start)) {
    words(text.slice(end, span.start));
    put([text.slice(span.start, span.end).replace(/\n/g, ' '), surrogate]);
    end = span.end;
  }
  words(text.slice(end));
  return sides;
}
