import type { Decision, DrugRef } from '../../engine/types';
import type { Anchor, Review, ReviewVerdict } from '../annotationTypes';
import { standingVerdict, type StandingVerdict } from '../reviews';
import type { AnnotationSummary } from '../summary';
import { cohenKappa, fleissKappa, type Agreement } from './kappa';

/** The categories of agreement: a skip is no judgement. */
export const judgedVerdicts = ['accepted', 'edited', 'rejected'] as const satisfies readonly ReviewVerdict[];
export const decisions = ['recommend', 'consider', 'avoid', 'insufficient-evidence'] as const satisfies readonly Decision[];

/** One drug of one case, as one engine decided it, with what each person said: the unit of agreement. */
export interface RatedUnit {
  /** The latest annotation that holds the drug with this decision. */
  readonly annotationId: string;
  readonly anchor: Anchor;
  readonly drug: DrugRef;
  readonly decision: Decision;
  /** By person, oldest first; without adjudicators. */
  readonly reviews: readonly Review[];
  readonly adjudication?: Review;
}

export interface Disagreement extends RatedUnit {
  readonly standing: StandingVerdict;
}

export interface AgreementFigures extends Agreement {
  /** `cohen` for two reviewers, `fleiss` for more. */
  readonly statistic: 'cohen' | 'fleiss';
}

/** What `kedrec agreement --format json` prints. */
export interface AgreementReport {
  readonly schema: 'kedrec.agreement/1';
  readonly reviewers: readonly { readonly name: string; readonly judged: number; readonly skipped: number; readonly adjudicated: number }[];
  readonly cases: number;
  readonly overall: AgreementFigures;
  readonly byDecision: Readonly<Record<Decision, AgreementFigures>>;
  /** Each two of more than two reviewers. */
  readonly pairs: readonly { readonly reviewers: readonly [string, string]; readonly figures: AgreementFigures }[];
  /** In the order of the file; adjudicated ones too. */
  readonly disagreements: readonly Disagreement[];
}

/**
 * Agreement of reviewers on the verdicts (accepted, edited, rejected) for each drug of each case. Adjudicators are left out of the figures, as they knew
 * the others' verdicts. Annotations of the same case by separate runs count as one where they decided the same for a drug.
 */
export function agreementReport(annotations: readonly AnnotationSummary[]): AgreementReport {
  const units = ratedUnits(annotations);
  const names = [...new Set(units.flatMap(({ reviews }) => reviews.filter(judged).map(({ reviewer }) => reviewer)))].sort();
  const everyone = [...new Set(units.flatMap(({ reviews, adjudication }) => [...reviews, ...(adjudication ? [adjudication] : [])].map(({ reviewer }) => reviewer)))].sort();
  const pairs = names.length > 2 ? names.flatMap((a, i) => names.slice(i + 1).map(b => ({ reviewers: [a, b] as const, figures: figures(units, [a, b]) }))) : [];
  return {
    schema: 'kedrec.agreement/1',
    reviewers: everyone.map(name => {
      const own = units.flatMap(({ reviews }) => reviews.filter(({ reviewer }) => reviewer === name));
      return { name, judged: own.filter(judged).length, skipped: own.length - own.filter(judged).length, adjudicated: units.filter(({ adjudication }) => adjudication?.reviewer === name).length };
    }),
    cases: new Set(units.filter(({ reviews }) => reviews.filter(judged).length > 1).map(({ anchor }) => caseKey(anchor))).size,
    overall: figures(units, names),
    byDecision: Object.fromEntries(decisions.map(decision => [decision, figures(units.filter(unit => unit.decision === decision), names)])) as Record<Decision, AgreementFigures>,
    pairs,
    disagreements: units.filter(differ).map(unit => ({ ...unit, standing: standingVerdict([...unit.reviews, ...(unit.adjudication ? [unit.adjudication] : [])])! })),
  };
}

/** True when people who judged the drug gave different verdicts. */
export function differ({ reviews }: Pick<RatedUnit, 'reviews'>): boolean {
  return new Set(reviews.filter(judged).map(({ verdict }) => verdict)).size > 1;
}

/** The case that an annotation is about, whatever made it: its text, and where several records have the same text, which of them. */
export function caseKey({ sha256, record, start }: Anchor): string { return `${sha256} ${record?.index ?? start}`; }

/** Units with at least one review, in the order of the file. */
export function ratedUnits(annotations: readonly AnnotationSummary[]): readonly RatedUnit[] {
  const units = new Map<string, { annotationId: string; anchor: Anchor; drug: DrugRef; decision: Decision; reviews: Review[] }>();
  for (const { id, anchor, recommendations, reviews } of annotations) {
    if (reviews.size === 0) { continue; }
    for (const { drug, decision } of recommendations) {
      const given = reviews.get(drug.id) ?? [];
      if (given.length === 0) { continue; }
      const key = `${caseKey(anchor)} ${decision} ${drug.id}`;
      const unit = units.get(key);
      units.set(key, { annotationId: id, anchor, drug, decision, reviews: [...(unit?.reviews ?? []), ...given] });
    }
  }
  return [...units.values()].sort((a, b) => a.anchor.start - b.anchor.start).map(({ reviews, ...unit }) => {
    const latest = new Map<string, Review>();
    for (const review of [...reviews].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))) { latest.set(`${review.role ?? ''} ${review.reviewer}`, review); }
    const adjudication = [...latest.values()].filter(({ role }) => role === 'adjudicator').at(-1);
    return { ...unit, reviews: [...latest.values()].filter(({ role }) => role === undefined), ...(adjudication ? { adjudication } : {}) };
  });
}

function figures(units: readonly RatedUnit[], names: readonly string[]): AgreementFigures {
  const of = (unit: RatedUnit, name: string) => unit.reviews.find(review => review.reviewer === name && judged(review));
  if (names.length <= 2) {
    const pairs = names.length < 2 ? [] : units.flatMap(unit => {
      const [a, b] = [of(unit, names[0]!), of(unit, names[1]!)];
      return a && b ? [[category(a), category(b)] as const] : [];
    });
    return { statistic: 'cohen', ...cohenKappa(pairs, judgedVerdicts.length) };
  }
  return { statistic: 'fleiss', ...fleissKappa(units.map(({ reviews }) => judgedVerdicts.map(verdict => reviews.filter(review => review.verdict === verdict).length))) };
}

function judged({ verdict }: Review): boolean { return verdict !== 'skipped'; }
function category({ verdict }: Review): number { return judgedVerdicts.findIndex(candidate => candidate === verdict); }
