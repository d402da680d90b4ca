/** What a field of a record may hold. */
export type FieldRole = 'caseText' | 'disease' | 'candidates' | 'relevant' | 'negative' | 'label' | 'rationale' | 'id';

/** Field names by what they hold, in order of preference; compared without case, spaces, `_`, `-` and `.`. */
export const fieldNames: Readonly<Record<FieldRole, readonly string[]>> = {
  caseText: [
    'casetext', 'text', 'note', 'notetext', 'case', 'clinicalnote', 'casereport', 'casedescription', 'patientnote', 'dischargesummary', 'report', 'sectiontext', 'narrative', 'vignette', 'fulltext',
    'description', 'topic', 'question', 'query', 'input', 'content', 'body', 'dialogue', 'conversation',
  ],
  disease: ['disease', 'diseasename', 'condition', 'diagnosis', 'indication'],
  candidates: ['candidates', 'candidatedrugs', 'drugcandidates', 'drugs', 'druglist', 'options', 'choices'],
  // The two drugs of an expRxRec record that gives them apart.
  relevant: ['relevantdrug', 'relevant', 'positivedrug', 'positive', 'truedrug'],
  negative: ['hardnegative', 'harddrug', 'negativedrug', 'negative', 'irrelevantdrug', 'distractor'],
  label: ['label', 'labels', 'answer', 'gold', 'golddrug', 'correct', 'correctdrug', 'target', 'selecteddrug', 'prescribed', 'prescribeddrug', 'prescribeddrugs', 'drug'],
  rationale: ['rationale', 'explanation', 'reasoning', 'reason', 'justification', 'cot'],
  id: [
    'id', 'caseid', 'recordid', 'pairid', 'noteid', 'documentid', 'docid', 'qid', 'queryid', 'topicid', 'encounterid', 'hadmid', 'patientunitstayid', 'stayid', 'rowid', 'uid', 'uuid', 'pmid', 'subjectid', 'patientid',
  ],
};

const ranks = new Map(Object.entries(fieldNames).flatMap(([role, names]) => names.map((name, rank) => [name, { role: role as FieldRole, rank }] as const)));
const known = new Map<string, { readonly role: FieldRole; readonly rank: number } | undefined>();

/** What a field of that name holds, and how much the name is preferred (0 best); undefined for any other. */
export function roleOf(name: string): { readonly role: FieldRole; readonly rank: number } | undefined {
  let found = known.get(name);
  if (found === undefined && !known.has(name)) {
    found = ranks.get(name.toLowerCase().replace(/[\s_.-]/g, ''));
    // A file with ever new names must not fill the memory.
    if (known.size < 10_000) { known.set(name, found); }
  }
  return found;
}
