import { headingKind } from '../../text/sections';
import type { Span } from '../../text/span';
import { trimSpan } from '../paragraph';
import { IdWatch, checkedRecord, unreadable } from './commonChecks';
import { blocksIn } from '../inFile/noteBlocks';
import type { Reading, RecordReader } from './reader';
import type { Cutter, Piece } from './types';

// "## Case 1", "# Patient A: gout", "Case report 3", "CASE NO. 12".
const caseWords = '(?:case|patient|note|vignette|report|record|subject|topic|encounter)';
const caseNumber = '(?:\\d[\\w.-]*|[A-Z]\\d*|[IVX]+)';
const markdownCase = new RegExp(`^(#{1,6})[ \\t]+(?:clinical[ \\t]+)?${caseWords}(?:[ \\t]+(?:report|study|description|note))?[ \\t]*(?:(?:no|nr|number)\\.?|#)?[ \\t]*(${caseNumber})(?=$|[\\s:.,)#\u2013\u2014-])`, 'i');
const plainCase = new RegExp(`^(?:clinical[ \\t]+)?${caseWords}(?:[ \\t]+(?:report|study))?[ \\t]*(?:(?:no|nr|number)\\.?|#)?[ \\t]*(\\d[\\w-]*)[ \\t]*(?:$|[:.)\u2013\u2014-])`, 'i');
// A part between rules that is shorter is a title or a remark, not a case.
const shortestCase = 120;

interface Line extends Span { readonly text: string }

/**
 * The cases of a note that holds several, as spans without the white space around them; undefined for a note that is one case. In this order:
 * 1. form feeds divide pages, each a case;
 * 2. at least two headings that name and number a case ("## Case 1", "Patient 2:"), all of the same level: each case reaches to the next;
 * 3. rules (`---`, `***`, `___`) between parts of at least 120 characters, unless a part starts with the heading of a section ("Plan", "History").
 * A readable block that KEDRec inserted below a case is no part of it.
 */
export function notesIn(text: string): readonly Span[] | undefined {
  const blocks = blocksIn(text);
  const parts = byFormFeeds(text) ?? byHeadings(text) ?? byRules(text);
  if (!parts) { return undefined; }
  const cases = parts.flatMap(part => {
    const block = blocks.find(({ start }) => start > part.start && start < part.end);
    return trimSpan(text, block ? { start: part.start, end: block.start } : part) ?? [];
  });
  return cases.length > 1 ? cases : undefined;
}

function byFormFeeds(text: string): Span[] | undefined {
  if (!text.includes('\f')) { return undefined; }
  const parts: Span[] = [];
  let start = 0;
  for (let at = text.indexOf('\f'); ; at = text.indexOf('\f', start)) {
    const end = at < 0 ? text.length : at;
    if (trimSpan(text, { start, end })) { parts.push({ start, end }); }
    if (at < 0) { break; }
    start = at + 1;
  }
  return parts.length > 1 ? parts : undefined;
}

function byHeadings(text: string): Span[] | undefined {
  const headings = new Map<number, { start: number; number: string }[]>();
  let blank = true;
  let fence = false;
  const markdown: { start: number; level: number }[] = [];
  for (const line of linesOf(text)) {
    if (/^\s*(```|~~~)/.test(line.text)) { fence = !fence; }
    if (!fence) {
      const anyLevel = /^(#{1,6})[ \t]/.exec(line.text);
      if (anyLevel) { markdown.push({ start: line.start, level: anyLevel[1]!.length }); }
      const inMarkdown = markdownCase.exec(line.text);
      const plain = inMarkdown || !blank || line.text.length > 120 ? undefined : plainCase.exec(line.text);
      const level = inMarkdown ? inMarkdown[1]!.length : plain ? 0 : undefined;
      if (level !== undefined) {
        const list = headings.get(level) ?? [];
        list.push({ start: line.start, number: (inMarkdown?.[2] ?? plain![1]!).toLowerCase() });
        headings.set(level, list);
      }
    }
    blank = line.text.trim() === '';
  }
  const [level, list] = [...headings].filter(([, found]) => new Set(found.map(({ number }) => number)).size > 1).sort(([a], [b]) => a - b).find(([a]) => a > 0) ?? [0, headings.get(0)];
  if (!list || new Set(list.map(({ number }) => number)).size < 2) { return undefined; }
  return list.map(({ start }, i) => {
    const next = list[i + 1]?.start ?? text.length;
    // A heading above the level of cases ends them: "# References".
    const above = level === 0 ? undefined : markdown.find(heading => heading.start > start && heading.start < next && heading.level < level);
    return { start, end: above?.start ?? next };
  });
}

function byRules(text: string): Span[] | undefined {
  const lines = linesOf(text);
  const parts: Span[] = [];
  let first = 0;
  // Front matter of Markdown is between rules, too.
  if (lines[0] && /^---[ \t]*$/.test(lines[0].text)) {
    const close = lines.findIndex((line, i) => i > 0 && /^(---|\.\.\.)[ \t]*$/.test(line.text));
    if (close > 0 && lines.slice(1, close).every(line => /^\s*(#.*|[\w-]+:.*|- .*|)$/.test(line.text))) { first = lines[close]!.end + 1; }
  }
  let start = first;
  lines.forEach((line, i) => {
    if (line.start < first || !/^ {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$/.test(line.text)) { return; }
    // Directly below a text it underlines a heading.
    if (/^-+[ \t]*$/.test(line.text.trim()) && i > 0 && lines[i - 1]!.text.trim() !== '' && lines[i - 1]!.start >= first) { return; }
    parts.push({ start, end: line.start });
    start = Math.min(line.end + 1, text.length);
  });
  parts.push({ start, end: text.length });
  const cases = parts.flatMap(part => trimSpan(text, part) ?? []).filter(({ start: from, end }) => end - from >= shortestCase);
  const isSection = cases.some(part => {
    const heading = /^(?:#{1,6}[ \t]+([^\n]+)|([A-Z][\w ]{2,40}):?[ \t]*\n)/.exec(text.slice(part.start, part.start + 200));
    return heading !== null && headingKind((heading[1] ?? heading[2]!).replace(/[:#\s]+$/, '')) !== undefined;
  });
  return cases.length > 1 && !isSection ? cases : undefined;
}

function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  for (const match of text.matchAll(/[^\r\n]*(?:\r\n|\n|\r|$)/g)) {
    if (match[0] === '' && match.index >= text.length) { break; }
    const line = match[0].replace(/[\r\n]+$/, '');
    lines.push({ start: match.index, end: match.index + line.length, text: line });
  }
  return lines;
}

/** Holds the whole note: which rule divides it only shows at its end. Notes above 50 million characters are refused by the reader of files. */
export class NotesCutter implements Cutter {
  private text = '';
  push(chunk: string): void { this.text += chunk; }
  end(emit: (piece: Piece) => void): void {
    const whole = trimSpan(this.text, { start: this.text.charCodeAt(0) === 0xfeff ? 1 : 0, end: this.text.length });
    let line = 1;
    let at = 0;
    for (const span of notesIn(this.text) ?? (whole ? [whole] : [])) {
      line += (this.text.slice(at, span.start).match(/\r\n|\n|\r/g) ?? []).length;
      at = span.start;
      emit({ text: this.text.slice(span.start, span.end), start: span.start, line });
    }
  }
}

/** Reads a case of a note: its heading is its id. */
export class NotesReader implements RecordReader {
  private readonly ids = new IdWatch();

  read(piece: Piece, index: number): Reading {
    const broken = unreadable(piece);
    if (broken) { return { problems: [broken] }; }
    const heading = /^#{1,6}[ \t]+([^\n]+)|^([^\n]{1,80})(?=\n|$)/.exec(piece.text);
    const title = heading?.[1] ?? (heading?.[2] !== undefined && plainCase.test(heading[2]) ? heading[2] : undefined);
    // Only the numbered name: what stands behind it may be about the patient.
    const id = title === undefined ? undefined : /^[^:\u2013\u2014]{1,40}/.exec(title)?.[0].trim();
    return checkedRecord(piece, index, { caseText: piece.text, ...(id ? { id } : {}) });
  }

  watch(piece: Piece, { record }: Reading) { return record ? this.ids.add(piece, record) : []; }

  close(): void { this.ids.close(); }
}
