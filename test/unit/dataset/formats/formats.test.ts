import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { streamRecords } from '../../../../src/core/dataset/formats/streamRecords';
import { datasetFormat, readRecords } from '../../../../src/core/dataset/records';
import type { RecordItem } from '../../../../src/core/dataset/recordTypes';
import { fieldList, recognised } from '../../../../src/core/dataset/formats/fieldList';

const jsonl = (...records: object[]) => readRecords(records.map(record => JSON.stringify(record)).join('\n'), 'jsonl');
const messages = (text: string, format: 'jsonl' | 'json' | 'csv') => readRecords(text, format).problems.map(({ message }) => message);

describe('dataset formats', () => {
  it('are known by name and content', () => {
    assert.equal(datasetFormat('a.json', undefined, '[{"text":"Synthetic"}]'), 'json');
    assert.equal(datasetFormat('a.json', undefined, '{"n":1,"rows":[{"note":"Synthetic"}]}'), 'json');
    assert.equal(datasetFormat('a.json', undefined, '{"authors":[{"author":"x"}],"text":"Synthetic"}'), 'json');
    assert.equal(datasetFormat('package.json', undefined, '{"name":"x","list":[{"b":2}]}'), undefined);
    assert.equal(datasetFormat('b.json', undefined, '{"resourceType":"Bundle","entry":[]}'), 'fhir');
    assert.equal(datasetFormat('a.md', 'markdown', '# Note\n\nSynthetic: gout.\n'), undefined);
    assert.equal(datasetFormat('a.md', 'markdown', '## Case 1\nSynthetic.\n## Case 2\nSynthetic.'), 'notes');
    assert.equal(datasetFormat('a.jsonl.kedrec.jsonl'), undefined, 'a sidecar');
    assert.equal(datasetFormat('a.csv.gz'), 'csv');
  });

  it('find the records of a JSON file at the root, under a key, or take the whole', () => {
    assert.deepEqual(readRecords('{"meta":[{"a":1}],"data":[{"text":"Synthetic 1"},{"text":"Synthetic 2"}],"x":[{"text":"no"}]}', 'json').records.map(({ caseText }) => caseText), ['Synthetic 1', 'Synthetic 2']);
    assert.deepEqual(readRecords('{"authors":[{"author":"x"}],"text":"Synthetic"}', 'json').records.map(({ caseText }) => caseText), ['Synthetic']);
  });

  it('go on after a broken record in the middle of a JSON list', () => {
    const items = Array.from({ length: 9 }, (_, i) => `    {\n      "text": "Synthetic ${i}",\n      "list": [{"x": 1}]\n    }`);
    const broken = (i: number, text: string) => `{\n  "rows": [\n${items.map((item, at) => (at === i ? text : item)).join(',\n')}\n  ]\n}`;
    for (const text of ['    {\n      "text": "Synthetic 4"', '    {\n      "text": "Synthetic 4,\n      "list": []\n    }', '    {"text" "Synthetic"}', '    {"list": [1, 2}', '    7']) {
      const { records, problems } = readRecords(broken(4, text), 'json');
      assert.deepEqual(records.map(({ caseText }) => caseText.at(-1)), ['0', '1', '2', '3', '5', '6', '7', '8'], text);
      assert.deepEqual(problems.map(({ line }) => line), [text.includes('4,') ? 20 : 19], `${text}: the line on which JSON ends`);
    }
  });

  it('recognise the fields of an expRxRec record, the relevant drug not first', () => {
    const { records: [record] } = jsonl({ disease: 'gout', relevant_drug: 'colchicine', hard_negative: 'allopurinol', background: 'Synthetic', rationale: 'Synthetic reason.' });
    assert.deepEqual([record?.caseText, record?.candidates, record?.label, record?.rationale], ['Disease: gout.', ['allopurinol', 'colchicine'], ['colchicine'], 'Synthetic reason.']);
    const { records: [other] } = jsonl({ disease: { name: 'gout' }, candidates: [{ name: 'a' }, { name: 'b' }], answer: 'b', text: 'Synthetic' });
    assert.deepEqual([other?.disease, other?.candidates, other?.label], ['gout', ['a', 'b'], ['b']]);
    assert.equal(jsonl({ text: 'Synthetic', label: 1 }).records[0]?.label, undefined, 'a number names no drug');
  });

  it('take the best field that holds something', () => {
    assert.equal(jsonl({ dialogue: 'Synthetic talk', note: 'Synthetic note' }).records[0]?.caseText, 'Synthetic note');
    assert.equal(jsonl({ dialogue: 'Synthetic talk', note: '' }).records[0]?.caseText, 'Synthetic talk');
    assert.deepEqual(recognised(['ID', 'section_header', 'section_text', 'dialogue']), { caseText: 'section_text', id: 'ID' });
  });

  it('follow a mapping, also into nested fields', () => {
    const text = '{"p":{"notes":["Synthetic 1","Synthetic 2"],"nr":7},"text":"not this","dx":"gout"}';
    const { records: [record] } = readRecords(text, 'jsonl', { caseText: ['p.notes', 'dx'], id: 'p.nr', disease: 'dx' });
    assert.deepEqual([record?.caseText, record?.id, record?.disease], ['Synthetic 1\nSynthetic 2\n\ngout', '7', 'gout']);
    assert.match(readRecords(text, 'jsonl', { caseText: 'gone' }).problems[0]!.message, /nothing in the field "gone"/);
    assert.deepEqual(fieldList(text, 'jsonl'), ['p.notes', 'p.nr', 'text', 'dx']);
  });

  it('tell what is wrong by line and field, and go on', () => {
    const lines = Array.from({ length: 1000 }, (_, i) => `{"id":${i},"text":"Synthetic","n":${i}}`);
    lines[500] = '{"id":500,"text":';
    lines[600] = '{"id":3,"text":"Synthetic","n":"six"}';
    const { records, problems } = readRecords(lines.join('\n'), 'jsonl');
    assert.deepEqual([records.length, records.at(-1)!.index], [999, 999]);
    assert.deepEqual(problems.map(({ line, severity }) => [line, severity]), [[501, 'error'], [601, 'warning'], [601, 'warning']]);
    assert.match(problems[1]!.message, /same id as the one at line 4/);
    assert.match(problems[2]!.message, /field "n" is text in the record at line 601, a number in the records before/);
    assert.deepEqual(messages(`a,text\n${'1,x\n'.repeat(25)}z,x\n`, 'csv'), ['field "a" is text in the record at line 27, a number in the 25 records before']);
    assert.deepEqual(messages('id,text\n1,"a "b" c"\n2,ok\n', 'csv'), ['the record at line 2 has a quote inside of a quoted cell that is not doubled']);
    assert.deepEqual(messages('id,text\n1,"a" b\n2,"c" d\n3,ok\n', 'csv'), [2, 3].map(line => `the record at line ${line} has a quote inside of a quoted cell that is not doubled`));
    assert.deepEqual(messages('id,text\n1,"open\n2,Synthetic\n3,Synthetic\n', 'csv'), ['the record at line 2 has a quote that is opened and not closed']);
    assert.equal(readRecords('id,text\n1,"open\n2,Synthetic\n3,Synthetic\n', 'csv').records.length, 2, 'only its own line is lost');
    const [long] = readRecords(`{"text":"${'x'.repeat(200_000)}"}`, 'jsonl').problems;
    assert.deepEqual([long!.severity, /200,000 characters; a case can have 100,000/.test(long!.message)], ['warning', true]);
  });

  it('read a FHIR Bundle as one record a patient', () => {
    const bundle = { resourceType: 'Bundle', type: 'collection', entry: [
      { resource: { resourceType: 'Medication', id: 'm1', code: { text: 'Colchicine 0.5 mg' } } },
      { resource: { resourceType: 'Condition', subject: { reference: 'Patient/7' }, clinicalStatus: { coding: [{ code: 'active' }] }, code: { coding: [{ display: 'Gout' }] } } },
      { resource: { resourceType: 'Patient', id: '7', gender: 'male', birthDate: '1970-05-01' } },
      { resource: { resourceType: 'Condition', subject: { reference: 'Patient/7' }, clinicalStatus: { coding: [{ code: 'resolved' }] }, code: { text: 'Pneumonia' } } },
      { resource: { resourceType: 'Condition', subject: { reference: 'Patient/7' }, verificationStatus: { coding: [{ code: 'refuted' }] }, code: { text: 'Asthma' } } },
      { resource: { resourceType: 'AllergyIntolerance', patient: { reference: 'http://x/Patient/7' }, code: { text: 'Penicillin' } } },
      { resource: { resourceType: 'MedicationRequest', status: 'active', authoredOn: '2020-01-01', subject: { reference: 'Patient/7' }, medicationReference: { reference: 'Medication/m1' } } },
      { resource: { resourceType: 'MedicationRequest', status: 'cancelled', subject: { reference: 'Patient/7' }, medicationCodeableConcept: { text: 'Ibuprofen' } } },
      { resource: { resourceType: 'Patient', id: '8' } }, { no: 'resource' },
    ] };
    const text = JSON.stringify(bundle, undefined, 1);
    const { records, problems } = readRecords(text, 'fhir');
    assert.deepEqual(records.map(({ id, caseText, disease, label }) => [id, caseText, disease, label]), [['7', '50-year-old man.\nDiagnoses: Gout.\nPast medical history: Pneumonia.\nAllergies: Penicillin.', 'Gout', ['Colchicine 0.5 mg']]]);
    assert.ok(text.slice(records[0]!.span.start).startsWith('{\n   "resource": {\n    "resourceType": "Patient"'));
    assert.deepEqual(problems.map(({ message }) => message.replace(/line \d+/, 'line N')), ['the entry at line N holds no FHIR resource', 'the patient at line N has no Condition and no note, so there is no case']);
  });

  it('divide a note by numbered headings, form feeds, or rules between cases', () => {
    const cases = (text: string) => readRecords(text, 'notes').records.map(({ caseText }) => caseText);
    const long = 'Synthetic: a man with gout and a woman with asthma. '.repeat(3).trim();
    assert.deepEqual(cases('# Cases\n\n## Case 1: gout\nA\n### Plan\nB\n\n## Case 2\nC\n\n# References\nD\n'), ['## Case 1: gout\nA\n### Plan\nB', '## Case 2\nC']);
    assert.deepEqual(cases('Case 1\nA\n\nCase 2:\nB\n'), ['Case 1\nA', 'Case 2:\nB']);
    assert.deepEqual(cases('A\n\fB\n\f\n'), ['A', 'B']);
    assert.deepEqual(cases(`---\ntitle: x\n---\n${long} 1\n\n---\n\n${long} 2\n\n***\nshort\n`), [`${long} 1`, `${long} 2`]);
    assert.equal(cases(`## History\n${long}\n\n---\n\n## Plan\n${long}\n`).length, 1, 'sections of one note');
    assert.equal(cases(`Title\n---\n${long}\n\n${long}`).length, 1, 'an underlined heading');
    assert.deepEqual(readRecords('## Case 1: gout\nA\n## Case 2\nB', 'notes').records.map(({ id }) => id), ['Case 1', 'Case 2']);
  });

  describe('of files', () => {
    const folder = mkdtempSync(join(tmpdir(), 'kedrec-formats-'));
    after(() => rmSync(folder, { recursive: true }));
    const items = async (name: string, content: string | Uint8Array) => {
      writeFileSync(join(folder, name), content);
      const found: RecordItem[] = [];
      for await (const item of streamRecords(join(folder, name))) { found.push(item); }
      return found.map(item => (item.kind === 'record' ? item.record.caseText : item.problem.message));
    };
    it('tell of another encoding and what to do, and read no garbage', async () => {
      const [utf16] = await items('a.csv', Buffer.from('\uFEFFid,text\n1,Synthetic\n', 'utf16le'));
      assert.match(utf16!, /UTF-16LE.*save it as UTF-8/);
      assert.match((await items('b.csv', Buffer.from('id,text\n1,Synthetic\n', 'utf16le')))[0]!, /UTF-16LE/, 'without a byte-order mark');
      const latin = await items('c.csv', Buffer.from('id,text\n1,Synthetic caf\u00e9\n2,Synthetic\n', 'latin1'));
      assert.deepEqual([/line 2 holds bytes that are not valid UTF-8/.test(latin[0]!), latin[1]], [true, 'Synthetic']);
    });
    it('are refused with a reason when they are no datasets', async () => {
      assert.match((await items('a.txt', 'Synthetic note.'))[0]!, /no dataset that is known/);
      assert.match((await items('a.csv.kedrec.jsonl', '{}'))[0]!, /a sidecar/);
      assert.deepEqual(await items('empty.jsonl', ''), []);
      await assert.rejects(streamRecords(join(folder, 'missing.jsonl')).next(), { code: 'ENOENT' });
      const stop = new AbortController();
      stop.abort();
      await assert.rejects(streamRecords(join(folder, 'a.csv'), { signal: stop.signal }).next(), { name: 'AbortError' });
    });
  });
});
