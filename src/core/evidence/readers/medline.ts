import { isoDate, yearIn } from './dates';
import { lines, REPLACEMENT, WRONG_ENCODING } from './decode';
import type { Section } from './documents';
import type { EditorialNote } from './notices';
import { paperDocument, PUBMED_LICENCE, sectionLabel } from './paperDocument';
import type { CorpusReader, CorpusRecord } from './types';

type Fields = Map<string, string[]>;

/** PubMed's MEDLINE text format (`.nbib`, `.txt`). */
export const medlineReader: CorpusReader = {
  name: 'MEDLINE',
  recognises: ({ head }) => /^\s*(?:[A-Z]{2,4} *- .*\r?\n(?:\s.*\r?\n)*){0,3}?PMID- *\S/.test(head),
  async *read(input) {
    let fields: Fields = new Map();
    let [record, first] = [0, 1];
    let last: string[] | undefined;
    const finish = (): CorpusRecord | undefined => {
      if (fields.size === 0) return undefined;
      record++;
      const done = fields;
      [fields, last] = [new Map(), undefined];
      try { return medlineRecord(done); } catch (error) {
        input.problem({ record, line: first }, error instanceof Error ? error.message : 'not a MEDLINE record');
        return undefined;
      }
    };
    for await (const { text, line } of lines(input.text)) {
      const [, tag, value] = /^([A-Z][A-Z0-9]{1,3}) *- ?(.*)$/.exec(text) ?? [];
      if (text.trim() === '' || tag === 'PMID' && fields.size > 0) {
        const done = finish();
        if (done) yield done;
      }
      if (tag !== undefined) {
        if (fields.size === 0) first = line;
        last = fields.get(tag) ?? [];
        fields.set(tag, last);
        last.push(value ?? '');
      } else if (/^\s+\S/.test(text) && last !== undefined) last.push(`${last.pop() ?? ''} ${text.trim()}`);
    }
    const done = finish();
    if (done) yield done;
  },
};

const NOTES: readonly (readonly [string, EditorialNote['kind']])[] = [
  ['RIN', 'retracted'], ['PRIN', 'partly retracted'], ['ECI', 'concern'], ['EIN', 'corrected'], ['CRI', 'corrected'],
  ['ROF', 'retracts'], ['PROF', 'retracts'], ['ECF', 'voices concern'], ['EFR', 'corrects'],
];

function medlineRecord(fields: Fields): CorpusRecord {
  const all = (tag: string): string[] => fields.get(tag) ?? [];
  const one = (tag: string): string | undefined => all(tag)[0]?.trim() || undefined;
  const pmid = one('PMID');
  if (pmid === undefined || !/^\d{1,9}$/.test(pmid)) throw new Error('the record has no PMID');
  const title = one('TI') ?? one('BTI') ?? one('TT');
  if (title === undefined) throw new Error('the record has no title (TI)');
  if ([...fields.values()].flat().some(text => text.includes(REPLACEMENT))) throw new Error(WRONG_ENCODING);
  const document = paperDocument({
    id: `PMID:${pmid}`,
    title,
    url: `https://pubmed.ncbi.nlm.nih.gov/${pmid}/`,
    year: yearIn(one('DP')),
    journal: one('TA') ?? one('JT'),
    publicationTypes: all('PT'),
    notes: NOTES.flatMap(([tag, kind]) => all(tag).map(where => ({ kind, where }))),
    mesh: all('MH').map(heading => heading.replace(/\*/g, '').split('/')[0]!),
    substances: all('RN').map(substance => /\(([^)]+)\)\s*$/.exec(substance)?.[1] ?? '').filter(name => name !== ''),
    keywords: all('OT').map(keyword => keyword.replace(/^\*/, '')),
    pmcid: one('PMC'),
    doi: [...all('LID'), ...all('AID')].map(id => /^(\S+) \[doi\]$/.exec(id.trim())?.[1]).find(id => id !== undefined),
    trials: all('SI').map(number => /NCT\d{8}/.exec(number)?.[0]).filter(number => number !== undefined),
    licence: PUBMED_LICENCE,
    sections: labelledParts(one('AB')),
  });
  return { format: 'medline', document, version: isoDate(one('LR') ?? one('DA') ?? one('DCOM')) };
}

/** An abstract with its labels inline ("BACKGROUND: ... METHODS: ...") as sections. */
export function labelledParts(abstract: string | undefined): Section[] {
  if (abstract === undefined) return [];
  const labels = [...abstract.matchAll(/(?:^|(?<=[.!?)\]]\s))([A-Z][A-Z ,/&'()-]{2,60}[A-Z)]): /g)];
  if (labels.length === 0) return [{ label: 'Abstract', paragraphs: [abstract] }];
  const before = abstract.slice(0, labels[0]!.index);
  return [
    { label: 'Abstract', paragraphs: [before] },
    ...labels.map((match, i) => ({ label: sectionLabel(match[1]), paragraphs: [abstract.slice(match.index + match[0].length, labels[i + 1]?.index)] })),
  ];
}
