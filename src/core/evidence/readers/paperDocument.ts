import { factsOf, listed, makeDocument } from './documents';
import type { Section } from './documents';
import { noteInTitle, noticeOf } from './notices';
import type { EditorialNote } from './notices';
import type { EvidenceDocument } from '../types';

/** A publication, whatever format it came in. */
export interface PaperRecord {
  readonly id: string;
  readonly title: string;
  readonly url?: string;
  readonly year?: number;
  readonly journal?: string;
  readonly publicationTypes: readonly string[];
  /** Design where the format tells it otherwise than by publication types. */
  readonly design?: string;
  readonly notes: readonly EditorialNote[];
  readonly mesh?: readonly string[];
  readonly substances?: readonly string[];
  readonly keywords?: readonly string[];
  readonly pmid?: string;
  readonly pmcid?: string;
  readonly doi?: string;
  readonly trials?: readonly string[];
  readonly licence: string;
  readonly sections: readonly Section[];
}

// The first that fits counts: the strongest statement about the design comes first.
const DESIGNS: readonly (readonly [RegExp, string])[] = [
  [/^meta-analysis$|^network meta-analysis$/i, 'meta-analysis'],
  [/^systematic review$/i, 'systematic review'],
  [/^(practice )?guideline$/i, 'guideline'],
  [/^consensus/i, 'consensus statement'],
  [/^retracted publication$/i, 'retracted publication'],
  [/^retraction of publication$/i, 'retraction notice'],
  [/^expression of concern$/i, 'expression of concern'],
  [/^published erratum$/i, 'erratum'],
  [/^randomized controlled trial, veterinary$|^clinical trial, veterinary$/i, 'veterinary trial'],
  [/^(randomized controlled trial|equivalence trial|pragmatic clinical trial)$/i, 'randomised trial'],
  [/^controlled clinical trial$/i, 'controlled trial'],
  [/^(adaptive )?clinical trial(, phase.*)?$|^clinical study$/i, 'clinical trial'],
  [/^observational study$/i, 'observational study'],
  [/^observational study, veterinary$/i, 'veterinary study'],
  [/^case reports?$/i, 'case report'],
  [/^(scoping )?review(-article)?$/i, 'review'],
  [/^editorial$/i, 'editorial'],
  [/^letter$/i, 'letter'],
  [/^comment$/i, 'comment'],
];

/** Study design by publication types ("Randomized Controlled Trial" is a "randomised trial"); undefined where they tell none. */
export function designByTypes(types: readonly string[]): string | undefined {
  // A retracted trial is still marked by its notice; its design stays that of the trial.
  const told = DESIGNS.filter(([pattern]) => types.some(type => pattern.test(type.trim()))).map(([, design]) => design);
  return told.find(design => design !== 'retracted publication') ?? told[0];
}

/** The evidence document of a paper. */
export function paperDocument(paper: PaperRecord): EvidenceDocument {
  const typed: EditorialNote[] = paper.publicationTypes.flatMap((type): EditorialNote[] => {
    if (/^retracted publication$/i.test(type)) return [{ kind: 'retracted' }];
    if (/^retraction of publication$/i.test(type)) return [{ kind: 'retracts' }];
    if (/^expression of concern$/i.test(type)) return [{ kind: 'voices concern' }];
    if (/^published erratum$/i.test(type)) return [{ kind: 'corrects' }];
    return [];
  });
  const inTitle = noteInTitle(paper.title);
  return makeDocument({
    id: paper.id,
    source: 'literature',
    title: paper.title,
    url: paper.url,
    year: paper.year,
    journal: paper.journal,
    design: paper.design ?? designByTypes(paper.publicationTypes),
    notice: noticeOf([...paper.notes, ...typed, ...(inTitle ? [inTitle] : [])]),
    facts: factsOf({
      'publication types': listed(paper.publicationTypes),
      MeSH: listed(paper.mesh ?? []),
      substances: listed(paper.substances ?? []),
      keywords: listed(paper.keywords ?? []),
      PMID: paper.pmid,
      PMCID: paper.pmcid,
      DOI: paper.doi,
      trials: listed(paper.trials ?? []),
    }),
    licence: paper.licence,
  }, paper.sections);
}

/** "BACKGROUND" as a section label: capitals become words, others stay. */
export function sectionLabel(label: string | undefined): string | undefined {
  const text = label?.replace(/[\s:.]+$/, '').trim();
  if (!text) return undefined;
  return text === text.toUpperCase() ? text[0]! + text.slice(1).toLowerCase() : text;
}

/** What NLM says of its records; an abstract's own copyright line is in the record's facts where it has one. */
export const PUBMED_LICENCE = 'NLM PubMed terms; abstracts may be copyrighted';
