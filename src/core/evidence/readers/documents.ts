import type { EvidenceDocument, EvidenceHeader, Passage } from '../types';

/** A labelled part of a document before it is cut into passages. */
export interface Section {
  readonly label?: string;
  readonly paragraphs: readonly (string | undefined)[];
}

/** Longest passage in characters; one sentence alone may be longer. */
export const PASSAGE_LENGTH = 1_800;
const LABEL_LENGTH = 100;

/** A document of sections: short paragraphs of one section share a passage, long ones are cut between sentences. */
export function makeDocument(header: EvidenceHeader, sections: readonly Section[]): EvidenceDocument {
  const passages: Passage[] = [];
  for (const { label, paragraphs } of sections) {
    const texts = paragraphs.map(text => tidy(text ?? '')).filter(text => text !== '');
    for (const text of grouped(texts)) {
      passages.push({ id: `${header.id}#${passages.length + 1}`, documentId: header.id, ...(label ? { section: shortened(label) } : {}), text });
    }
  }
  // Without text the title is the passage, so that the document is found at all.
  if (passages.length === 0) passages.push({ id: `${header.id}#1`, documentId: header.id, section: 'Title', text: tidy(header.title) });
  const known = Object.fromEntries(Object.entries(header).filter(([, value]) => value !== undefined)) as unknown as EvidenceHeader;
  return { ...known, passages };
}

function shortened(label: string): string {
  return label.length <= LABEL_LENGTH ? label : `${label.slice(0, Math.max(label.lastIndexOf(' ', LABEL_LENGTH), LABEL_LENGTH / 2))} …`;
}

/** Facts without those that are not known. */
export function factsOf(facts: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> | undefined {
  const known = Object.entries(facts).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '');
  return known.length > 0 ? Object.fromEntries(known) : undefined;
}

/** White space made one space, paragraph breaks kept. */
export function tidy(text: string): string {
  return text.replace(/[^\S\n]+/g, ' ').replace(/ ?\n\s*\n ?/g, '\n\n').replace(/ *\n */g, '\n').replace(/([^\n])\n([^\n])/g, '$1 $2').trim();
}

/** Items as "a; b; c", a few at most. */
export function listed(items: readonly (string | undefined)[], most = 40): string | undefined {
  const known = [...new Set(items.map(item => item?.trim()).filter((item): item is string => item !== undefined && item !== ''))];
  const shown = known.slice(0, most).join('; ');
  return shown === '' ? undefined : known.length > most ? `${shown}; and ${known.length - most} more` : shown;
}

function* grouped(texts: readonly string[]): Generator<string> {
  let passage = '';
  for (const piece of texts.flatMap(sentencesThatFit)) {
    if (passage !== '' && passage.length + piece.length + 1 > PASSAGE_LENGTH) {
      yield passage;
      passage = '';
    }
    passage = passage === '' ? piece : `${passage}\n${piece}`;
  }
  if (passage !== '') yield passage;
}

function sentencesThatFit(text: string): string[] {
  if (text.length <= PASSAGE_LENGTH) return [text];
  const pieces: string[] = [];
  let piece = '';
  for (const sentence of text.split(/(?<=[.!?;][)"'”]?)\s+(?=[A-Z0-9(•*-])|\n+/)) {
    for (const part of hardCut(sentence)) {
      if (piece !== '' && piece.length + part.length + 1 > PASSAGE_LENGTH) {
        pieces.push(piece);
        piece = '';
      }
      piece = piece === '' ? part : `${piece} ${part}`;
    }
  }
  if (piece !== '') pieces.push(piece);
  return pieces;
}

/** Text without sentence ends (tables, lists of names) is cut between words. */
function hardCut(sentence: string): string[] {
  const parts: string[] = [];
  let rest = sentence;
  while (rest.length > PASSAGE_LENGTH) {
    const space = rest.lastIndexOf(' ', PASSAGE_LENGTH);
    const at = space > PASSAGE_LENGTH / 2 ? space : PASSAGE_LENGTH;
    parts.push(rest.slice(0, at).trim());
    rest = rest.slice(at).trim();
  }
  return rest === '' ? parts : [...parts, rest];
}
