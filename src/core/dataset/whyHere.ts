import type { DrugRef } from '../engine/types';
import type { RatedUnit } from './agreement/agreementReport';
import type { LightDrug } from './agreement/lightEvents';
import { leadingDrug } from './reviewState';
import { standingVerdict } from './reviews';
import type { AnnotationSummary } from './summary';

/** Why a person should look at an annotation; what the queue can be narrowed to, beside "not reviewed". */
export type Reason = 'low-confidence' | 'label' | 'unsupported' | 'failed' | 'disagreement' | 'nothing';

export interface ReasonContext {
  /** A case whose best confidence is under this, 0 to 1, is worth a look. */
  readonly lowConfidence: number;
  /** Drugs that the record says are right, by terminology id; undefined without a label. */
  readonly label?: readonly DrugRef[] | undefined;
  /** Drugs of the case on which those who judged differ, and nobody adjudicated. */
  readonly open?: readonly RatedUnit[] | undefined;
}

/** The reasons in short words: of the queue's rows and filters, and of "Why Is This One Here". Empty when nothing speaks for a look. */
export function reasonsOf(annotation: AnnotationSummary, { lowConfidence, label, open = [] }: ReasonContext): ReadonlyMap<Reason, string> {
  const { failure, nothing, recommendations } = annotation;
  if (failure) { return new Map([['failed', failure.message]]); }
  const reasons = new Map<Reason, string>();
  if (nothing !== undefined) { reasons.set('nothing', nothingTexts[nothing] ?? 'Nothing recommended'); }
  const low = whyLow(recommendations, lowConfidence);
  if (low) { reasons.set('low-confidence', low); }
  const other = whyLabel(recommendations, label);
  if (other) { reasons.set('label', other); }
  const unsupported = recommendations.filter(drug => drug.unsupported > 0);
  if (unsupported.length > 0) { reasons.set('unsupported', unsupported.map(drug => `${drug.drug.name}: ${drug.unsupported === 1 ? 'one claim' : `${drug.unsupported} claims`} not supported by what is cited`).join('; ')); }
  if (open.length > 0) { reasons.set('disagreement', open.map(({ drug, reviews }) => `${drug.name}: ${reviews.filter(({ verdict }) => verdict !== 'skipped').map(({ reviewer, verdict }) => `${reviewer} ${verdict}`).join(', ')}`).join('; ')); }
  return reasons;
}

/** The same reasons as sentences, for a message about one record. */
export function whyHere(annotation: AnnotationSummary, context: ReasonContext): readonly string[] {
  const sentences = [...reasonsOf(annotation, context)].map(([reason, text]) => {
    if (reason === 'failed') { return `It could not be annotated (${annotation.failure!.reason}): ${text}`; }
    return reason === 'disagreement' ? `Reviewers disagree: ${text}` : text[0]!.toUpperCase() + text.slice(1);
  });
  return [...sentences, ...(annotation.edited ? ['The case was edited after the recommendation was made'] : [])].map(text => (/[.!?]$/.test(text) ? text : `${text}.`));
}

/** Those who judged the leading drug differ and nobody adjudicated. */
export function reviewersDisagree(summary: AnnotationSummary): boolean {
  return standingVerdict(summary.reviews.get(leadingDrug(summary)))?.verdict === 'disputed';
}

const nothingTexts: Readonly<Record<string, string>> = {
  'empty-case': 'Nothing recommended: the case has no text', 'no-disease': 'Nothing recommended: no disease was found to recommend a drug for',
  'no-candidate': 'Nothing recommended: no drug is known for its disease', 'no-support': 'Nothing recommended: no candidate is supported',
};

function whyLow(drugs: readonly LightDrug[], threshold: number): string | undefined {
  const chosen = drugs.filter(usable);
  const best = Math.max(...(chosen.length > 0 ? chosen : drugs).map(({ confidence }) => confidence), -1);
  return best >= 0 && best < threshold ? `Best confidence ${best.toFixed(2)} is under ${threshold.toFixed(2)}` : undefined;
}

/** The label counts as met when one of its drugs is among those chosen, none is to be avoided, and no other drug that the record offered is chosen. */
function whyLabel(drugs: readonly LightDrug[], label: readonly DrugRef[] | undefined): string | undefined {
  if (!label || label.length === 0 || drugs.length === 0) { return undefined; }
  const chosen = drugs.filter(({ decision }) => decision === 'recommend');
  const taken = chosen.length > 0 ? chosen : drugs.filter(({ decision }) => decision === 'consider');
  const isLabel = ({ drug }: LightDrug) => label.some(({ id }) => id === drug.id);
  const avoided = drugs.filter(drug => drug.decision === 'avoid' && isLabel(drug));
  if (avoided.length > 0) { return `The label ${names(avoided.map(({ drug }) => drug))} is to be avoided here`; }
  const instead = taken.filter(drug => !isLabel(drug));
  if (!taken.some(isLabel)) { return `Label ${names(label)}; ${taken.length > 0 ? `recommended ${names(instead.map(({ drug }) => drug))}` : 'nothing recommended'}`; }
  const offered = instead.filter(({ given }) => given);
  return offered.length > 0 ? `${names(offered.map(({ drug }) => drug))} is recommended beside the label ${names(label)}` : undefined;
}

function usable({ decision }: LightDrug): boolean { return decision === 'recommend' || decision === 'consider'; }

function names(drugs: readonly DrugRef[]): string {
  const shown = drugs.slice(0, 3).map(({ name }) => name).join(', ');
  return drugs.length > 3 ? `${shown} and ${drugs.length - 3} more` : shown;
}
