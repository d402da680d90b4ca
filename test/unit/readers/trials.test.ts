import assert from 'node:assert/strict';
import { readFiles, sectionOf, study } from './support';

const results = {
  outcomeMeasuresModule: { outcomeMeasures: [{
    type: 'PRIMARY', title: 'Synthetic score', timeFrame: '12 weeks', unitOfMeasure: 'points', dispersionType: 'Standard Deviation', groups: [{ id: 'OG000', title: 'Examplamab' }, { id: 'OG001', title: 'Placebo' }],
    classes: [{ categories: [{ measurements: [{ groupId: 'OG000', value: '3.5', spread: '1.1' }, { groupId: 'OG001', value: '1.0', lowerLimit: '0.5', upperLimit: '1.5' }] }] }],
    analyses: [{ groupIds: ['OG000', 'OG001'], statisticalMethod: 'ANCOVA', pValue: '<0.001', paramType: 'Mean Difference', paramValue: '2.5', ciPctValue: '95', ciLowerLimit: '1.5', ciUpperLimit: '3.5' }],
  }] },
  adverseEventsModule: { timeFrame: '12 weeks', eventGroups: [{ id: 'EG000', title: 'Examplamab', seriousNumAffected: 2, seriousNumAtRisk: 6, deathsNumAffected: 0, deathsNumAtRisk: 6 }],
    seriousEvents: [{ term: 'Fall', stats: [{ groupId: 'EG000', numAffected: 2, numAtRisk: 6 }] }, { term: 'Rash', stats: [{ groupId: 'EG000', numAffected: 0, numAtRisk: 6 }] }] },
};

const legacy = `<?xml version="1.0" encoding="UTF-8"?>
<clinical_study><id_info><nct_id>NCT90000009</nct_id></id_info><brief_title>Synthetic legacy study</brief_title><overall_status>Withdrawn</overall_status><why_stopped>No funding (synthetic)</why_stopped>
<brief_summary><textblock>  A synthetic
 summary. </textblock></brief_summary><start_date>July 2010</start_date><completion_date type="Actual">October 14, 2012</completion_date><phase>Phase 2/Phase 3</phase><study_type>Interventional</study_type>
<study_design_info><allocation>Randomized</allocation></study_design_info><enrollment type="Actual">0</enrollment><condition>Synthetic disease</condition>
<intervention><intervention_type>Drug</intervention_type><intervention_name>Examplamab</intervention_name></intervention><primary_outcome><measure>Synthetic score</measure><time_frame>1 year</time_frame></primary_outcome>
<last_update_posted type="Actual">March 3, 2013</last_update_posted>
<clinical_results><outcome_list><outcome><type>Primary</type><title>Synthetic score</title><group_list><group group_id="O1"><title>Examplamab</title></group></group_list>
<measure><units>points</units><class_list><class><category_list><category><measurement_list><measurement group_id="O1" value="4.2"/></measurement_list></category></category_list></class></class_list></measure></outcome></outcome_list>
<reported_events><group_list><group group_id="E1"><title>Examplamab</title></group></group_list><serious_events><category_list><category><event_list>
<event><sub_title>Total, serious adverse events</sub_title><counts group_id="E1" subjects_affected="1" subjects_at_risk="5"/></event><event><sub_title>Fall</sub_title><counts group_id="E1" subjects_affected="1" subjects_at_risk="5"/></event>
</event_list></category></category_list></serious_events></reported_events></clinical_results></clinical_study>`;

describe('trial readers', () => {
  it('keep what a study tells, why it stopped included', async () => {
    const { documents: [document], problems } = await readFiles({ 'one.json': JSON.stringify(study(1, { results }), null, 2) });
    assert.deepEqual(problems, []);
    const { passages: _, facts, ...header } = document!;
    assert.deepEqual(header, {
      id: 'NCT90000001', source: 'trials', title: 'Synthetic study 1', url: 'https://clinicaltrials.gov/study/NCT90000001', year: 2023, design: 'randomised trial', licence: 'ClinicalTrials.gov terms and conditions',
    });
    assert.deepEqual(facts, {
      acronym: 'SYNTH', phase: 'Phase 2; Phase 3', status: 'Terminated', 'why stopped': 'Slow recruitment (synthetic)', enrolment: '12 (actual)', conditions: 'Synthetic disease', interventions: 'Examplamab',
      allocation: 'Randomized', masking: 'Double', sponsor: 'Synthetic Sponsor', start: '2021-05', completion: '2023-06-01', 'last update': '2024-02-03', results: 'posted',
    });
    assert.equal(sectionOf(document, 'Why stopped'), 'Terminated: Slow recruitment (synthetic)');
    assert.match(sectionOf(document, 'Summary'), /^A synthetic summary with p < 0\.05\.\nConditions: Synthetic disease\.\nInterventions: Examplamab\.$/);
    assert.equal(sectionOf(document, 'Arms and interventions'), 'Arm A (experimental): Gets examplamab.\nDrug: Examplamab. Daily. Also called: EX-1.');
    assert.equal(sectionOf(document, 'Primary outcomes'), 'Synthetic score [12 weeks]');
    assert.equal(sectionOf(document, 'Results'), 'Primary outcome: Synthetic score [12 weeks]. Unit: points. Examplamab: 3.5 (Standard Deviation 1.1); Placebo: 1.0 (0.5 to 1.5). '
      + 'Examplamab vs Placebo: Mean Difference 2.5 (95% CI 1.5 to 3.5), p <0.001 (ANCOVA).');
    assert.equal(sectionOf(document, 'Adverse events'), 'Time frame: 12 weeks\nParticipants with serious adverse events: Examplamab: 2 of 6.\nDeaths from any cause: Examplamab: 0 of 6.\nSerious adverse events (participants affected): Fall (Examplamab 2/6).');
    assert.equal(sectionOf(document, 'Eligibility'), 'Inclusion: adults.');
  });

  it('read one study, a search answer, a list and JSON Lines alike', async () => {
    const studies = [study(1), study(2), study(3)];
    const ids = ['NCT90000001', 'NCT90000002', 'NCT90000003'];
    const forms: Record<string, string> = {
      'search.json': JSON.stringify({ totalCount: 3, meta: { results: { a: {} } }, studies, nextPageToken: 'x', after: { studies: [{ no: { deep: 1 } }] } }, null, 1), 'list.json': JSON.stringify(studies), 'lines.txt': studies.map(item => JSON.stringify(item)).join('\n'),
      'lines.jsonl': studies.map(item => JSON.stringify(item)).join('\r\n'), 'concatenated.json': studies.map(item => JSON.stringify(item, null, 1)).join('\n'), 'pages.json': `${JSON.stringify({ studies: [study(1)], nextPageToken: 'y' }, null, 1)}\n${JSON.stringify({ studies: [study(2), study(3)] }, null, 1)}`,
    };
    for (const [name, text] of Object.entries(forms)) {
      const { documents, problems, summary } = await readFiles({ [name]: text });
      assert.deepEqual(problems, [], name);
      assert.deepEqual(documents.map(({ id }) => id), ids, name);
      assert.deepEqual(summary.files, { 'clinicaltrials-json': 1 }, name);
    }
  });

  it('read the answers of the retired API v1', async () => {
    const old = { FullStudiesResponse: { APIVrs: '1.01', FullStudies: [{ Rank: 1, Study: { ProtocolSection: {
      IdentificationModule: { NCTId: 'NCT90000004', BriefTitle: 'Synthetic old study' }, StatusModule: { OverallStatus: 'Terminated', WhyStopped: 'Harm (synthetic)', StartDateStruct: { StartDate: 'August 1, 2015' }, LastUpdatePostDateStruct: { LastUpdatePostDate: 'July 22, 2018' } },
      ConditionsModule: { ConditionList: { Condition: ['Synthetic disease'] } }, DesignModule: { StudyType: 'Interventional', PhaseList: { Phase: ['Phase 3'] }, DesignInfo: { DesignAllocation: 'Randomized' }, EnrollmentInfo: { EnrollmentCount: '40', EnrollmentType: 'Actual' } },
      ArmsInterventionsModule: { InterventionList: { Intervention: [{ InterventionType: 'Drug', InterventionName: 'Examplamab' }] } }, SponsorCollaboratorsModule: { LeadSponsor: { LeadSponsorName: 'Synthetic Sponsor' } },
    } } }] } };
    const { documents: [document] } = await readFiles({ 'old.json': JSON.stringify(old) });
    assert.equal(document?.design, 'randomised trial');
    assert.deepEqual(document?.facts, {
      phase: 'Phase 3', status: 'Terminated', 'why stopped': 'Harm (synthetic)', enrolment: '40 (actual)', conditions: 'Synthetic disease', interventions: 'Examplamab', allocation: 'Randomized', sponsor: 'Synthetic Sponsor', start: '2015-08-01', 'last update': '2018-07-22',
    });
  });

  it('read the legacy XML, results and harms too', async () => {
    const { documents: [document], problems, summary } = await readFiles({ 'study.txt': legacy });
    assert.deepEqual(problems, []);
    assert.deepEqual(summary.files, { 'clinicaltrials-xml': 1 });
    assert.deepEqual(document?.facts, {
      phase: 'Phase 2; Phase 3', status: 'Withdrawn', 'why stopped': 'No funding (synthetic)', enrolment: '0 (actual)', conditions: 'Synthetic disease', interventions: 'Examplamab', allocation: 'Randomized', start: '2010-07', completion: '2012-10-14', 'last update': '2013-03-03', results: 'posted',
    });
    assert.equal(sectionOf(document, 'Summary'), 'A synthetic summary.\nConditions: Synthetic disease.\nInterventions: Examplamab.');
    assert.equal(sectionOf(document, 'Results'), 'Primary outcome: Synthetic score Unit: points. Examplamab: 4.2.');
    assert.match(sectionOf(document, 'Adverse events'), /Participants with serious adverse events: Examplamab: 1 of 5\.\nSerious adverse events \(participants affected\): Fall \(Examplamab 1\/5\)\./);
  });

  it('skip a study without id and go on', async () => {
    const { documents, problems } = await readFiles({ 'list.json': JSON.stringify([study(1), { protocolSection: { identificationModule: {} } }, study(2)], null, 1) });
    assert.deepEqual(documents.map(({ id }) => id), ['NCT90000001', 'NCT90000002']);
    assert.deepEqual(problems.map(({ record, reason }) => [record, reason]), [[2, 'the study has no NCT id']]);
  });
});
