import type { Row } from './tables';

/** What one row of a table says about a stay. */
export interface Fact {
  readonly kind: 'stay' | 'diagnosis' | 'drug' | 'allergy' | 'history' | 'note';
  readonly text: string;
  /** Order among facts of the kind; the first diagnosis is the disease. */
  readonly rank: number;
}

/** Looked up while rows are read: titles of codes, patients. Small tables that are held in memory. */
export type Lookups = ReadonlyMap<string, string>;

export interface JoinTable {
  /** File name without ending, in lower case. */
  readonly name: string;
  readonly required: boolean;
  /** Key of the stay that the row belongs to, and what it says; undefined for a row that says nothing of use. */
  readonly fact?: (row: Row, lookups: Lookups) => Fact | undefined;
  /** For a table that is looked up: key and value. */
  readonly lookup?: (row: Row) => readonly [string, string] | undefined;
}

/** A family of tables that are joined by one key. */
export interface JoinSchema {
  readonly name: string;
  readonly key: string;
  readonly tables: readonly JoinTable[];
}

const clean = (text: string) => text.replace(/\s+/g, ' ').trim();
const person = (gender: string) => (/^(f|female)$/i.test(gender) ? 'woman' : /^(m|male)$/i.test(gender) ? 'man' : 'patient');

/** MIMIC-III and MIMIC-IV: tables by `hadm_id`. */
const mimic: JoinSchema = {
  name: 'MIMIC', key: 'hadm_id',
  tables: [
    { name: 'patients', required: false, lookup: row => (row('subject_id') ? [`patient:${row('subject_id')}`, `${row('gender')}|${row('dob')}|${row('anchor_age')}|${row('anchor_year')}`] : undefined) },
    { name: 'd_icd_diagnoses', required: false, lookup: row => [codeKey(row), clean(row('long_title') || row('short_title'))] },
    {
      name: 'admissions', required: true,
      fact: (row, lookups) => {
        const [gender = '', born = '', anchorAge = '', anchorYear = ''] = (lookups.get(`patient:${row('subject_id')}`) ?? '').split('|');
        const kind = clean(row('admission_type')).toLowerCase();
        const presenting = clean(row('diagnosis'));
        const age = ageAt(row('admittime'), born, anchorAge, anchorYear);
        return { kind: 'stay', rank: 0, text: `${capital(`${age}${person(gender)}`)}${kind ? `, ${kind} admission` : ''}.${presenting ? ` Admission diagnosis: ${presenting}.` : ''}` };
      },
    },
    { name: 'diagnoses_icd', required: true, fact: (row, lookups) => fact('diagnosis', lookups.get(codeKey(row)) ?? (row('icd9_code') || row('icd_code') ? `ICD ${row('icd9_code') || row('icd_code')}` : ''), Number(row('seq_num')) || 999) },
    { name: 'prescriptions', required: true, fact: row => (/^(|MAIN)$/i.test(row('drug_type')) ? fact('drug', row('drug') || row('drug_name_generic'), 0) : undefined) },
    { name: 'noteevents', required: false, fact: row => (/^discharge summary$/i.test(row('category').trim()) && row('iserror') !== '1' ? { kind: 'note', text: withoutDischargeDrugs(row('text')), rank: 0 } : undefined) },
    { name: 'discharge', required: false, fact: row => (row('text') ? { kind: 'note', text: withoutDischargeDrugs(row('text')), rank: 0 } : undefined) },
  ],
};

/** eICU Collaborative Research Database: tables by `patientunitstayid`. */
const eicu: JoinSchema = {
  name: 'eICU', key: 'patientunitstayid',
  tables: [
    {
      name: 'patient', required: true,
      fact: row => {
        const age = row('age').trim();
        const unit = clean(row('unittype'));
        const presenting = clean(row('apacheadmissiondx'));
        return { kind: 'stay', rank: 0, text: `${capital(`${age ? `${age}-year-old ` : ''}${person(row('gender'))}`)}${unit ? `, admitted to ${unit}` : ''}.${presenting ? ` Admission diagnosis: ${presenting}.` : ''}` };
      },
    },
    { name: 'diagnosis', required: true, fact: row => fact('diagnosis', lastOfPath(row('diagnosisstring')), ['primary', 'major', 'other'].indexOf(row('diagnosispriority').trim().toLowerCase()) + 1 || 9) },
    { name: 'medication', required: true, fact: row => (/^yes$/i.test(row('drugordercancelled')) ? undefined : fact('drug', orderedDrug(row('drugname')), 0)) },
    { name: 'admissiondx', required: false, fact: row => (row('admitdxpath').toLowerCase().includes('|diagnosis|') ? fact('diagnosis', row('admitdxname'), 5) : undefined) },
    { name: 'allergy', required: false, fact: row => fact('allergy', row('allergyname') || row('drugname'), 0) },
    { name: 'pasthistory', required: false, fact: row => fact('history', lastOfPath(row('pasthistorypath') || row('pasthistoryvalue')), 0) },
  ],
};

/** Known families, the more special first. */
export const joinSchemas: readonly JoinSchema[] = [mimic, eicu];

function fact(kind: Fact['kind'], text: string, rank: number): Fact | undefined {
  const cleaned = clean(text);
  return cleaned === '' ? undefined : { kind, text: cleaned, rank };
}

function capital(text: string): string { return text.charAt(0).toUpperCase() + text.slice(1); }

/** MIMIC-IV has codes of two versions. */
function codeKey(row: Row): string { return row('icd9_code') ? `icd:9:${row('icd9_code').trim()}` : `icd:${row('icd_version') || '9'}:${row('icd_code').trim()}`; }

/** MIMIC-III moves the births of those above 89 by 300 years; MIMIC-IV tells an age in a year. */
function ageAt(admitted: string, born: string, anchorAge: string, anchorYear: string): string {
  const [at, birth] = [admitted, born].map(date => /^(\d{4})-(\d\d-\d\d)/.exec(date));
  if (at && birth) {
    const years = Number(at[1]) - Number(birth[1]) - (at[2]! < birth[2]! ? 1 : 0);
    return years > 89 ? 'over 89-year-old ' : years >= 0 ? `${years}-year-old ` : '';
  }
  const years = Number(anchorAge) + (Number(admitted.slice(0, 4)) - Number(anchorYear));
  return anchorAge !== '' && Number.isFinite(years) ? `${years}-year-old ` : '';
}

/** "endocrine|pituitary|hypopituitarism|due to CNS tumor" -> "hypopituitarism due to CNS tumor". */
function lastOfPath(path: string): string {
  const parts = path.split('|').map(clean).filter(part => part !== '');
  const last = parts.at(-1) ?? '';
  const qualifies = /^(due to|with|without|secondary|from|acute|chronic|mild|moderate|severe|suspected|possible|of |in |on |at |<|>|\d)/i.test(last);
  return qualifies && parts.length > 1 ? `${parts.at(-2)!} ${last}` : last;
}

/** "5 ML VIAL : DILTIAZEM HCL 25 MG/5ML IV SOLN" -> "diltiazem hcl": the name without package, strength and form. */
function orderedDrug(name: string): string {
  const named = name.replace(/^\s*[\d.,]+ ?[a-z]+[a-z -]*?(?::| - )\s*/i, '');
  const words = clean(named).split(' ');
  const end = words.findIndex((word, i) => i > 0 && (/^[\d.<>(]/.test(word) || /^(PO|IV|SC|IM|PR|INJ|TABS?|CAPS?|SOLN|SUSP|ORAL)$/i.test(word)));
  return words.slice(0, end < 0 ? undefined : end).join(' ').toLowerCase().replace(/[\s,;:-]+$/, '');
}

/** The list of drugs at discharge is what is asked for: it is left out of the text. */
function withoutDischargeDrugs(text: string): string {
  return text.replace(/^[ \t]*(?:discharge medications?|medications? on discharge)[ \t]*:[^]*?(?=^[ \t]*[A-Z][A-Za-z /]{3,40}:[ \t]*$|(?![^]))/gim, '').trim();
}
