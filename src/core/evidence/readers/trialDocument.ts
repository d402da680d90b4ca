import { factsOf, listed, makeDocument } from './documents';
import type { Section } from './documents';
import { yearIn } from './dates';
import type { EvidenceDocument } from '../types';

/** A registered trial, whatever format it came in. Dates are ISO dates. */
export interface TrialRecord {
  readonly nct: string;
  readonly title: string;
  readonly officialTitle?: string;
  readonly acronym?: string;
  readonly summary?: string;
  readonly description?: string;
  readonly conditions: readonly string[];
  readonly keywords: readonly string[];
  readonly interventions: readonly { readonly type?: string; readonly name?: string; readonly description?: string; readonly otherNames?: readonly string[] }[];
  readonly arms: readonly { readonly label?: string; readonly type?: string; readonly description?: string }[];
  readonly phases: readonly string[];
  readonly status?: string;
  readonly whyStopped?: string;
  readonly enrolment?: string;
  readonly studyType?: string;
  readonly allocation?: string;
  readonly masking?: string;
  readonly primaryOutcomes: readonly { readonly measure?: string; readonly timeFrame?: string; readonly description?: string }[];
  readonly eligibility?: string;
  readonly sponsor?: string;
  readonly start?: string;
  readonly completion?: string;
  readonly updated?: string;
  readonly outcomes: readonly TrialOutcome[];
  readonly harms?: TrialHarms;
}

/** A posted outcome measure; `values` are by group in the order of the registry. */
export interface TrialOutcome {
  readonly type?: string;
  readonly title?: string;
  readonly timeFrame?: string;
  readonly units?: string;
  readonly population?: string;
  readonly values: readonly { readonly group: string; readonly label?: string; readonly value: string }[];
  readonly analyses: readonly string[];
}

export interface TrialHarms {
  readonly timeFrame?: string;
  readonly groups: readonly { readonly title: string; readonly serious?: string; readonly other?: string; readonly deaths?: string }[];
  /** Serious events with the numbers affected by group, as text. */
  readonly serious: readonly { readonly term: string; readonly affected: number; readonly counts: string }[];
}

const VALUES_SHOWN = 16;
const EVENTS_SHOWN = 25;

/** The evidence document of a trial: failed and withdrawn ones too, with the reason that was given. */
export function trialDocument(trial: TrialRecord): EvidenceDocument {
  const drugs = listed(trial.interventions.map(({ name }) => name), 12);
  const conditions = listed(trial.conditions, 12);
  const sections: readonly Section[] = [
    { label: 'Summary', paragraphs: [trial.officialTitle === trial.title ? undefined : trial.officialTitle, trial.summary,
      conditions && `Conditions: ${conditions}.`, drugs && `Interventions: ${drugs}.`] },
    { label: 'Why stopped', paragraphs: [trial.whyStopped && `${trial.status ?? 'Stopped'}: ${trial.whyStopped}`] },
    { label: 'Arms and interventions', paragraphs: [...trial.arms.map(armText), ...trial.interventions.map(interventionText)] },
    { label: 'Primary outcomes', paragraphs: trial.primaryOutcomes.map(({ measure, timeFrame, description }) => sentence(measure, timeFrame && `[${timeFrame}]`, description)) },
    { label: 'Results', paragraphs: trial.outcomes.map(outcomeText) },
    { label: 'Adverse events', paragraphs: trial.harms ? harmTexts(trial.harms) : [] },
    { label: 'Description', paragraphs: [trial.description] },
    { label: 'Eligibility', paragraphs: [trial.eligibility] },
  ].map(({ label, paragraphs }) => ({ label, paragraphs: paragraphs.map(text => text && unescaped(text)) }));
  return makeDocument({
    id: trial.nct,
    source: 'trials',
    title: trial.title,
    url: `https://clinicaltrials.gov/study/${trial.nct}`,
    year: yearIn(trial.completion) ?? yearIn(trial.start),
    design: designOf(trial),
    facts: factsOf({
      acronym: trial.acronym,
      phase: listed(trial.phases),
      status: trial.status,
      'why stopped': trial.whyStopped,
      enrolment: trial.enrolment,
      conditions,
      interventions: drugs,
      allocation: trial.allocation,
      masking: trial.masking,
      sponsor: trial.sponsor,
      start: trial.start,
      completion: trial.completion,
      'last update': trial.updated,
      results: trial.outcomes.length > 0 ? 'posted' : undefined,
    }),
    licence: 'ClinicalTrials.gov terms and conditions',
  }, sections);
}

/** "PHASE2", "EARLY_PHASE1", "Phase 2/Phase 3" and "NOT_APPLICABLE" as people write them. */
export function readable(code: string | undefined): string | undefined {
  if (code === undefined || /^(NA|N\/A|not[ _]applicable)$/i.test(code.trim())) return undefined;
  const words = code.trim().replace(/^(EARLY_)?PHASE(\d)$/, (_, early: string | undefined, number: string) => `${early ? 'Early ' : ''}Phase ${number}`);
  if (!/^[A-Z][A-Z_]+$/.test(words)) return words;
  const lower = words.toLowerCase().replace(/_/g, ' ');
  return lower[0]!.toUpperCase() + lower.slice(1);
}

/** The registry's texts are Markdown: "\\>" stands for ">". */
function unescaped(text: string): string {
  return text.replace(/\\([<>[\]*_~#^|.+-])/g, '$1');
}

function designOf({ studyType, allocation, phases }: TrialRecord): string | undefined {
  if (/^randomi[sz]ed$/i.test(allocation ?? '')) return 'randomised trial';
  if (/observational/i.test(studyType ?? '')) return 'observational study';
  if (/interventional/i.test(studyType ?? '') || phases.length > 0) return 'clinical trial';
  return readable(studyType)?.toLowerCase();
}

function sentence(...parts: readonly (string | undefined)[]): string | undefined {
  const known = parts.filter((part): part is string => part !== undefined && part.trim() !== '').map(part => part.trim());
  return known.length === 0 ? undefined : known.join(' ');
}

function armText({ label, type, description }: TrialRecord['arms'][number]): string | undefined {
  return sentence(label && `${label}${type ? ` (${type.toLowerCase()})` : ''}:`, description);
}

function interventionText({ type, name, description, otherNames = [] }: TrialRecord['interventions'][number]): string | undefined {
  return sentence(type && `${type}:`, name && `${name}.`, description, otherNames.length > 0 ? `Also called: ${otherNames.join('; ')}.` : undefined);
}

function outcomeText({ type, title, timeFrame, units, population, values, analyses }: TrialOutcome): string | undefined {
  const shown = values.slice(0, VALUES_SHOWN).map(({ group, label, value }) => `${group}${label ? `, ${label}` : ''}: ${value}`);
  if (values.length > VALUES_SHOWN) shown.push(`and ${values.length - VALUES_SHOWN} more values`);
  return sentence(
    type && `${type} outcome:`, title && `${title}`, timeFrame && `[${timeFrame}].`, units && `Unit: ${units}.`,
    shown.length > 0 ? `${shown.join('; ')}.` : 'No values posted.', analyses.join(' '), population && `Analysed: ${population}`,
  );
}

function harmTexts({ timeFrame, groups, serious }: TrialHarms): string[] {
  const by = (what: 'serious' | 'other' | 'deaths', label: string): string | undefined => {
    const counts = groups.filter(group => group[what] !== undefined).map(group => `${group.title}: ${group[what]}`);
    return counts.length > 0 ? `${label}: ${counts.join('; ')}.` : undefined;
  };
  const events = [...serious].filter(({ affected }) => affected > 0).sort((a, b) => b.affected - a.affected);
  const rest = events.length - EVENTS_SHOWN;
  return [
    timeFrame && `Time frame: ${timeFrame}`, by('serious', 'Participants with serious adverse events'), by('deaths', 'Deaths from any cause'),
    by('other', 'Participants with other adverse events'),
    events.length > 0 ? `Serious adverse events (participants affected): ${events.slice(0, EVENTS_SHOWN).map(({ term, counts }) => `${term} (${counts})`).join('; ')}${rest > 0 ? `; and ${rest} more kinds` : ''}.` : undefined,
  ].filter((text): text is string => text !== undefined && text !== '');
}
