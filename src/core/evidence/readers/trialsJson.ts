import { isoDate } from './dates';
import { isObject } from './jsonRecords';
import type { JsonObject } from './jsonRecords';
import { readable, trialDocument } from './trialDocument';
import type { TrialHarms, TrialOutcome } from './trialDocument';
import type { CorpusRecord } from './types';

/** Reads JSON values that may be absent or of another type than expected. */
export const at = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((inner, key) => (isObject(inner) ? inner[key] : undefined), value);

/** A text or number as text; undefined for anything else and for empty text. */
export function textIn(value: unknown, ...path: readonly string[]): string | undefined {
  const found = at(value, ...path);
  return typeof found === 'string' ? found.trim() || undefined : typeof found === 'number' ? String(found) : undefined;
}

export function listIn(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}

export const textsIn = (value: unknown, ...path: readonly string[]): string[] =>
  listIn(value, ...path).map(item => textIn(item)).filter((text): text is string => text !== undefined);

/** A study of the ClinicalTrials.gov API v2 (`protocolSection`). */
export function isTrial(value: JsonObject): boolean {
  return isObject(value['protocolSection']);
}

/** Throws Error with the reason for a study without id or title. */
export function trialFromJson(value: JsonObject): CorpusRecord {
  const part = (module: string, ...path: string[]): unknown => at(value, 'protocolSection', `${module}Module`, ...path);
  const nct = textIn(part('identification', 'nctId'));
  if (nct === undefined || !/^NCT\d{8}$/.test(nct)) throw new Error('the study has no NCT id');
  const title = textIn(part('identification', 'briefTitle')) ?? textIn(part('identification', 'officialTitle'));
  if (title === undefined) throw new Error('the study has no title');
  const status = part('status');
  const enrolled = textIn(part('design', 'enrollmentInfo', 'count'));
  const updated = isoDate(textIn(status, 'lastUpdatePostDateStruct', 'date') ?? textIn(status, 'lastUpdateSubmitDate'));
  const results = value['resultsSection'];
  const document = trialDocument({
    nct,
    title,
    officialTitle: textIn(part('identification', 'officialTitle')),
    acronym: textIn(part('identification', 'acronym')),
    summary: textIn(part('description', 'briefSummary')),
    description: textIn(part('description', 'detailedDescription')),
    conditions: textsIn(part('conditions', 'conditions')),
    keywords: textsIn(part('conditions', 'keywords')),
    interventions: listIn(part('armsInterventions', 'interventions')).map(item => ({
      type: readable(textIn(item, 'type')), name: textIn(item, 'name'), description: textIn(item, 'description'), otherNames: textsIn(item, 'otherNames'),
    })),
    arms: listIn(part('armsInterventions', 'armGroups')).map(item => ({ label: textIn(item, 'label'), type: readable(textIn(item, 'type')), description: textIn(item, 'description') })),
    phases: textsIn(part('design', 'phases')).map(readable).filter((phase): phase is string => phase !== undefined),
    status: readable(textIn(status, 'overallStatus')),
    whyStopped: textIn(status, 'whyStopped'),
    enrolment: enrolled && withKind(enrolled, textIn(part('design', 'enrollmentInfo', 'type'))),
    studyType: readable(textIn(part('design', 'studyType'))),
    allocation: readable(textIn(part('design', 'designInfo', 'allocation'))),
    masking: readable(textIn(part('design', 'designInfo', 'maskingInfo', 'masking'))),
    primaryOutcomes: listIn(part('outcomes', 'primaryOutcomes')).map(item => ({
      measure: textIn(item, 'measure'), timeFrame: textIn(item, 'timeFrame'), description: textIn(item, 'description'),
    })),
    eligibility: textIn(part('eligibility', 'eligibilityCriteria')),
    sponsor: textIn(part('sponsorCollaborators', 'leadSponsor', 'name')),
    start: isoDate(textIn(status, 'startDateStruct', 'date')),
    completion: isoDate(textIn(status, 'completionDateStruct', 'date') ?? textIn(status, 'primaryCompletionDateStruct', 'date')),
    updated,
    outcomes: listIn(results, 'outcomeMeasuresModule', 'outcomeMeasures').map(outcomeOf),
    harms: harmsOf(at(results, 'adverseEventsModule')),
  });
  return { format: 'clinicaltrials-json', document, version: updated };
}

/** "120 (estimated)"; a count without its kind is only the count. */
export function withKind(count: string, kind: string | undefined): string {
  return kind === undefined ? count : `${count} (${kind.toLowerCase()})`;
}

function outcomeOf(measure: unknown): TrialOutcome {
  const groups = new Map(listIn(measure, 'groups').map(group => [textIn(group, 'id'), textIn(group, 'title') ?? ''] as const));
  const values = listIn(measure, 'classes').flatMap(oneClass => listIn(oneClass, 'categories').flatMap(category => listIn(category, 'measurements').flatMap(item => {
    const value = textIn(item, 'value');
    const label = [textIn(oneClass, 'title'), textIn(category, 'title')].filter(text => text !== undefined).join(', ');
    const [spread, low, high] = [textIn(item, 'spread'), textIn(item, 'lowerLimit'), textIn(item, 'upperLimit')];
    const range = spread !== undefined ? ` (${textIn(measure, 'dispersionType') ?? 'spread'} ${spread})` : low !== undefined && high !== undefined ? ` (${low} to ${high})` : '';
    return value === undefined ? [] : [{ group: groups.get(textIn(item, 'groupId')) ?? '', ...(label === '' ? {} : { label }), value: `${value}${range}` }];
  })));
  return {
    type: readable(textIn(measure, 'type')),
    title: textIn(measure, 'title'),
    timeFrame: textIn(measure, 'timeFrame'),
    units: textIn(measure, 'unitOfMeasure'),
    population: textIn(measure, 'populationDescription'),
    values,
    analyses: listIn(measure, 'analyses').map(analysis => {
      const [low, high] = [textIn(analysis, 'ciLowerLimit'), textIn(analysis, 'ciUpperLimit')];
      const compared = textsIn(analysis, 'groupIds').map(id => groups.get(id)).filter(title => title !== undefined).join(' vs ');
      return analysisText({
        compared, method: textIn(analysis, 'statisticalMethod'), p: textIn(analysis, 'pValue'), estimate: textIn(analysis, 'paramType'), value: textIn(analysis, 'paramValue'),
        interval: low !== undefined && high !== undefined ? `${textIn(analysis, 'ciPctValue') ?? '95'}% CI ${low} to ${high}` : undefined,
      });
    }).filter(text => text !== ''),
  };
}

/** "A vs B: Odds Ratio (OR) 1.5 (95% CI 1.1 to 2.0), p = 0.01 (Regression, Logistic)." */
export function analysisText(parts: Partial<Record<'compared' | 'method' | 'p' | 'estimate' | 'value' | 'interval', string>>): string {
  const estimate = parts.value === undefined ? undefined : `${parts.estimate ?? 'estimate'} ${parts.value}${parts.interval ? ` (${parts.interval})` : ''}`;
  const p = parts.p === undefined ? undefined : /^[<>=≤≥]/.test(parts.p) ? `p ${parts.p}` : `p = ${parts.p}`;
  const found = [estimate, p].filter(text => text !== undefined).join(', ');
  return found === '' ? '' : `${parts.compared ? `${parts.compared}: ` : ''}${found}${parts.method ? ` (${parts.method})` : ''}.`;
}

function harmsOf(module: unknown): TrialHarms | undefined {
  if (!isObject(module)) return undefined;
  const groups = listIn(module, 'eventGroups');
  const titles = new Map(groups.map(group => [textIn(group, 'id'), textIn(group, 'title') ?? ''] as const));
  const of = (group: unknown, what: string): string | undefined => {
    const affected = textIn(group, `${what}NumAffected`);
    return affected === undefined ? undefined : `${affected} of ${textIn(group, `${what}NumAtRisk`) ?? '?'}`;
  };
  return {
    timeFrame: textIn(module, 'timeFrame'),
    groups: groups.map(group => ({ title: textIn(group, 'title') ?? '', serious: of(group, 'serious'), other: of(group, 'other'), deaths: of(group, 'deaths') })),
    serious: listIn(module, 'seriousEvents').map(event => {
      const stats = listIn(event, 'stats').map(stat => ({ title: titles.get(textIn(stat, 'groupId')) ?? '', affected: Number(textIn(stat, 'numAffected') ?? 0), risk: textIn(stat, 'numAtRisk') }));
      return {
        term: textIn(event, 'term') ?? '', affected: stats.reduce((sum, { affected }) => sum + affected, 0),
        counts: stats.map(({ title, affected, risk }) => `${title} ${affected}${risk === undefined ? '' : `/${risk}`}`).join(', '),
      };
    }).filter(({ term }) => term !== ''),
  };
}
