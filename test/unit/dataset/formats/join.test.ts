import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { streamRecords } from '../../../../src/core/dataset/formats/streamRecords';
import { JoinError, joinTables } from '../../../../src/core/dataset/join/joinTables';

const eicu = resolve(process.env['KEDREC_TEST_DATA'] ?? '../shared/data', 'ehr-demo/eicu-demo');

describe('tables joined to a dataset', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kedrec-join-'));
  after(() => rmSync(folder, { recursive: true }));
  const lines = (file: string) => readFileSync(file, 'utf8').trim().split('\n').map(line => JSON.parse(line) as { id: string; text: string; disease?: string; label?: string[] });

  // Synthetic tables in the shape of MIMIC-III; no person and no value is real.
  const tables: Record<string, string> = {
    ADMISSIONS: '"ROW_ID","SUBJECT_ID","HADM_ID","ADMITTIME","ADMISSION_TYPE","DIAGNOSIS"\n1,10,100,"2150-03-01 10:00:00","EMERGENCY","SYNTHETIC GOUT FLARE"\n2,11,101,"2160-01-01 00:00:00","ELECTIVE",\n3,12,102,"2160-01-01 00:00:00","ELECTIVE",\n',
    PATIENTS: 'ROW_ID,SUBJECT_ID,GENDER,DOB\n1,10,M,2100-04-01 00:00:00\n2,11,F,1860-01-01 00:00:00\n',
    DIAGNOSES_ICD: 'ROW_ID,SUBJECT_ID,HADM_ID,SEQ_NUM,ICD9_CODE\n1,10,100,2,25000\n2,10,100,1,2749\n3,11,101,1,99999\n4,77,999,1,2749\n',
    D_ICD_DIAGNOSES: 'ROW_ID,ICD9_CODE,SHORT_TITLE,LONG_TITLE\n1,2749,Gout NOS,"Gout, unspecified"\n2,25000,DMII,"Diabetes mellitus, type II"\n',
    PRESCRIPTIONS: 'ROW_ID,HADM_ID,DRUG_TYPE,DRUG\n1,100,MAIN,Allopurinol\n2,100,MAIN,Allopurinol\n3,100,BASE,NS\n4,100,MAIN,Colchicine\n5,101,MAIN\n',
    NOTEEVENTS: 'ROW_ID,HADM_ID,CATEGORY,ISERROR,TEXT\n1,100,Discharge summary,,"Synthetic note, ""quoted"".\nHospital Course:\nImproved.\nDischarge Medications:\n1. Secretumab\n\nDischarge Condition:\nGood."\n2,100,Nursing,,"left out"\n',
  };
  const write = (name: string, which: readonly string[], compress = false) => {
    const at = join(folder, name);
    mkdirSync(at);
    for (const table of which) { writeFileSync(join(at, `${table}.csv${compress ? '.gz' : ''}`), compress ? gzipSync(tables[table]!) : tables[table]!); }
    return at;
  };

  for (const compress of [false, true]) {
    it(`MIMIC-III by hadm_id${compress ? ', compressed' : ''}: text of age, diagnoses in order and note, drugs as label`, async () => {
      const out = join(folder, `mimic-${compress}.jsonl`);
      const summary = await joinTables(write(`in-${compress}`, Object.keys(tables), compress), out);
      assert.deepEqual([summary.schema, summary.records, summary.withoutCase, summary.orphans, summary.broken], ['MIMIC', 2, 1, 1, [{ table: 'prescriptions', count: 1, firstLine: 6 }]]);
      const [first, second] = lines(out);
      assert.equal(first!.text, '49-year-old man, emergency admission. Admission diagnosis: SYNTHETIC GOUT FLARE.\nDiagnoses: Gout, unspecified; Diabetes mellitus, type II.\n\nSynthetic note, "quoted".\nHospital Course:\nImproved.\nDischarge Condition:\nGood.');
      assert.deepEqual([first!.id, first!.disease, first!.label], ['100', 'Gout, unspecified', ['Allopurinol', 'Colchicine']]);
      assert.ok(second!.text.startsWith('Over 89-year-old woman') && second!.text.includes('ICD 99999'));
      let records = 0;
      for await (const item of streamRecords(out)) { assert.equal(item.kind, 'record'); records++; }
      assert.equal(records, 2);
      assert.deepEqual(readdirSync(folder).filter(name => name.startsWith('.kedrec')), [], 'nothing is left behind');
    });
  }

  it('counts years by the calendar: a birthday is a year older, the day before is not', async () => {
    const at = write('birthdays', ['DIAGNOSES_ICD', 'PRESCRIPTIONS']);
    writeFileSync(join(at, 'PATIENTS.csv'), 'ROW_ID,SUBJECT_ID,GENDER,DOB\n1,10,M,2100-03-01 00:00:00\n2,11,F,2100-03-02 00:00:00\n');
    writeFileSync(join(at, 'ADMISSIONS.csv'), 'ROW_ID,SUBJECT_ID,HADM_ID,ADMITTIME,ADMISSION_TYPE,DIAGNOSIS\n1,10,100,2150-03-01 00:00:00,EMERGENCY,GOUT\n2,11,101,2150-03-01 00:00:00,EMERGENCY,GOUT\n');
    const out = join(folder, 'birthdays.jsonl');
    await joinTables(at, out);
    assert.deepEqual(lines(out).map(({ text }) => text.slice(0, 11)), ['50-year-old', '49-year-old']);
  });

  it('says which tables are missing, and writes nothing when it is cancelled', async () => {
    await assert.rejects(joinTables(write('some', ['ADMISSIONS']), join(folder, 'none.jsonl')), (error: Error) => error instanceof JoinError && /MIMIC lacks diagnoses_icd, prescriptions; eICU lacks patient, diagnosis, medication/.test(error.message));
    await assert.rejects(joinTables(write('all', Object.keys(tables)), join(folder, 'none.jsonl'), { signal: AbortSignal.abort() }), { name: 'AbortError' });
    assert.ok(!existsSync(join(folder, 'none.jsonl')));
  });

  it('the eICU demo by patientunitstayid', async function () {
    if (!existsSync(eicu)) { console.log(`      skipped: ${eicu} is absent; set KEDREC_TEST_DATA`); this.skip(); }
    const out = join(folder, 'eicu.jsonl');
    const summary = await joinTables(eicu, out);
    const records = lines(out);
    assert.equal(records.length, summary.records);
    assert.equal(summary.records + summary.withoutCase, summary.rows['patient']);
    assert.deepEqual([summary.broken, summary.orphans], [[], 0]);
    assert.equal(new Set(records.map(({ id }) => id)).size, records.length);
    assert.ok(records.length > 100 && records.filter(({ label }) => label).length > 80);
    assert.ok(records.every(({ label }) => (label ?? []).every(drug => !/\d (mg|ml) /i.test(drug))), 'labels are names, not orders');
  });
});
