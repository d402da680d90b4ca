import { isoDate } from './dates';
import { readable, trialDocument } from './trialDocument';
import type { TrialHarms, TrialOutcome } from './trialDocument';
import { analysisText, withKind } from './trialsJson';
import type { CorpusReader, CorpusRecord } from './types';
import { descendants, element, elements, textAt, textOf } from './xml';
import type { XmlElement } from './xml';
import { rootElement, xmlRecords } from './xmlRecords';

/** The older XML of ClinicalTrials.gov (`clinical_study`), one file a study or several in one. */
export const trialsXmlReader: CorpusReader = {
  name: 'ClinicalTrials.gov XML',
  recognises: ({ head }) => rootElement(head) === 'clinical_study' || rootElement(head) !== undefined && /<clinical_study[\s>]/.test(head),
  async *read(input) {
    for await (const { root, position } of xmlRecords(input, ['clinical_study'])) {
      try { yield trialFromXml(root); } catch (error) { input.problem(position, error instanceof Error ? error.message : 'not a study'); }
    }
  },
};

function trialFromXml(study: XmlElement): CorpusRecord {
  const nct = textAt(study, 'id_info', 'nct_id');
  if (nct === undefined || !/^NCT\d{8}$/.test(nct)) throw new Error('the study has no NCT id');
  const title = textAt(study, 'brief_title') ?? textAt(study, 'official_title');
  if (title === undefined) throw new Error('the study has no title');
  const texts = (name: string): string[] => elements(study, name).map(item => textOf(item));
  const updated = isoDate(textAt(study, 'last_update_posted') ?? textAt(study, 'last_update_submitted') ?? textAt(study, 'lastchanged_date'));
  const enrolled = textAt(study, 'enrollment');
  const results = element(study, 'clinical_results');
  const document = trialDocument({
    nct,
    title,
    officialTitle: textAt(study, 'official_title'),
    acronym: textAt(study, 'acronym'),
    summary: textAt(study, 'brief_summary', 'textblock'),
    description: textAt(study, 'detailed_description', 'textblock'),
    conditions: texts('condition'),
    keywords: texts('keyword'),
    interventions: elements(study, 'intervention').map(item => ({
      type: textAt(item, 'intervention_type'), name: textAt(item, 'intervention_name'), description: textAt(item, 'description'), otherNames: elements(item, 'other_name').map(other => textOf(other)),
    })),
    arms: elements(study, 'arm_group').map(item => ({ label: textAt(item, 'arm_group_label'), type: textAt(item, 'arm_group_type'), description: textAt(item, 'description') })),
    phases: texts('phase').flatMap(phase => phase.split('/')).map(readable).filter((phase): phase is string => phase !== undefined),
    status: textAt(study, 'overall_status'),
    whyStopped: textAt(study, 'why_stopped'),
    enrolment: enrolled && withKind(enrolled, element(study, 'enrollment')?.attributes['type']),
    studyType: textAt(study, 'study_type'),
    allocation: readable(textAt(study, 'study_design_info', 'allocation')),
    masking: textAt(study, 'study_design_info', 'masking'),
    primaryOutcomes: elements(study, 'primary_outcome').map(item => ({ measure: textAt(item, 'measure'), timeFrame: textAt(item, 'time_frame'), description: textAt(item, 'description') })),
    eligibility: textAt(study, 'eligibility', 'criteria', 'textblock'),
    sponsor: textAt(study, 'sponsors', 'lead_sponsor', 'agency'),
    start: isoDate(textAt(study, 'start_date')),
    completion: isoDate(textAt(study, 'completion_date') ?? textAt(study, 'primary_completion_date')),
    updated,
    outcomes: elements(element(results, 'outcome_list'), 'outcome').map(outcomeOf),
    harms: harmsOf(element(results, 'reported_events')),
  });
  return { format: 'clinicaltrials-xml', document, version: updated };
}

function groupTitles(parent: XmlElement | undefined): Map<string | undefined, string> {
  return new Map(elements(element(parent, 'group_list'), 'group').map(group => [group.attributes['group_id'], textAt(group, 'title') ?? ''] as const));
}

function outcomeOf(outcome: XmlElement): TrialOutcome {
  const groups = groupTitles(outcome);
  const measure = element(outcome, 'measure');
  const spreadName = textAt(measure, 'dispersion') ?? 'spread';
  const values = elements(element(measure, 'class_list'), 'class').flatMap(oneClass => descendants(oneClass, 'category').flatMap(category => descendants(category, 'measurement').flatMap(({ attributes }) => {
    const label = [textAt(oneClass, 'title'), textAt(category, 'title')].filter(text => text !== undefined).join(', ');
    const { value, spread, lower_limit: low, upper_limit: high } = attributes;
    const range = spread !== undefined ? ` (${spreadName} ${spread})` : low !== undefined && high !== undefined ? ` (${low} to ${high})` : '';
    return value === undefined ? [] : [{ group: groups.get(attributes['group_id']) ?? '', ...(label === '' ? {} : { label }), value: `${value}${range}` }];
  })));
  return {
    type: textAt(outcome, 'type'),
    title: textAt(outcome, 'title'),
    timeFrame: textAt(outcome, 'time_frame'),
    units: textAt(measure, 'units'),
    population: textAt(outcome, 'population'),
    values,
    analyses: elements(element(outcome, 'analysis_list'), 'analysis').map(analysis => {
      const [low, high] = [textAt(analysis, 'ci_lower_limit'), textAt(analysis, 'ci_upper_limit')];
      return analysisText({
        compared: descendants(analysis, 'group').map(({ attributes }) => groups.get(attributes['group_id'])).filter(title => title !== undefined).join(' vs '),
        method: textAt(analysis, 'method'), p: textAt(analysis, 'p_value'), estimate: textAt(analysis, 'param_type'), value: textAt(analysis, 'param_value'),
        interval: low !== undefined && high !== undefined ? `${textAt(analysis, 'ci_percent') ?? '95'}% CI ${low} to ${high}` : undefined,
      });
    }).filter(text => text !== ''),
  };
}

function harmsOf(reported: XmlElement | undefined): TrialHarms | undefined {
  if (reported === undefined) return undefined;
  const groups = groupTitles(reported);
  const events = (list: string): { term: string; counts: XmlElement[] }[] =>
    descendants(element(reported, list), 'event').map(event => ({ term: textAt(event, 'sub_title') ?? '', counts: elements(event, 'counts') }));
  const totals = (list: string): Map<string | undefined, string> => {
    const total = events(list).find(({ term }) => /^Total\b/i.test(term));
    return new Map(total?.counts.map(({ attributes }) => [attributes['group_id'], `${attributes['subjects_affected'] ?? '?'} of ${attributes['subjects_at_risk'] ?? '?'}`] as const));
  };
  const [serious, other] = [totals('serious_events'), totals('other_events')];
  return {
    timeFrame: textAt(reported, 'time_frame'),
    groups: [...groups].map(([id, title]) => ({ title, serious: serious.get(id), other: other.get(id) })),
    serious: events('serious_events').filter(({ term }) => term !== '' && !/^Total\b/i.test(term)).map(({ term, counts }) => ({
      term,
      affected: counts.reduce((sum, { attributes }) => sum + Number(attributes['subjects_affected'] ?? 0), 0),
      counts: counts.map(({ attributes }) => `${groups.get(attributes['group_id']) ?? ''} ${attributes['subjects_affected'] ?? '?'}/${attributes['subjects_at_risk'] ?? '?'}`).join(', '),
    })),
  };
}
