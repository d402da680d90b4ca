import assert from 'node:assert/strict';
import { fieldList } from '../../../src/core/dataset/formats/fieldList';
import { annotateEdits, annotateManyEdits, stripEdits } from '../../../src/core/dataset/inFile/annotateEdits';
import { applyEdits } from '../../../src/core/dataset/inFile/edits';
import { blockEnd } from '../../../src/core/dataset/inFile/noteBlocks';
import { valuesOf, type RecordValues } from '../../../src/core/dataset/inFile/recordValues';
import { indexRecords, readRecords } from '../../../src/core/dataset/records';
import type { DatasetFormat } from '../../../src/core/dataset/recordTypes';
import { researchUse } from '../../../src/shared/labels';
import { randomNumbers } from '../evidence/support';
import { randomCsv, randomJson, randomJsonl } from './formats/generators';

const values: RecordValues = { decision: 'recommend', drug: 'allopurinol', confidence: 0.81234, rationale: 'Lowers urate, says "a trial".', citations: 'PMID:1; NCT00000001', review: 'accepted', reviewer: 'kim' };
const annotate = (text: string, format: DatasetFormat, index = 0, changed: Partial<RecordValues> = {}) => applyEdits(text, annotateEdits(text, format, { index }, { ...values, ...changed }, 'kedrec_'));
const strip = (text: string, format: DatasetFormat) => applyEdits(text, stripEdits(text, format, 'kedrec_'));

describe('annotations in the file', () => {
  it('follow the style of a JSON line and leave numbers, escapes and doubled keys alone', () => {
    const text = '{"id": 1.0, "n": 1e400, "text": "Synthetic \\u00e9", "text": "Synthetic: gout."}\n{"text":"Synthetic: asthma."}\n';
    const after = annotate(text, 'jsonl');
    assert.ok(after.startsWith('{"id": 1.0, "n": 1e400, "text": "Synthetic \\u00e9", "text": "Synthetic: gout.", "kedrec_decision": "recommend", "kedrec_drug": "allopurinol", "kedrec_confidence": 0.8123, '));
    assert.ok(after.includes('"kedrec_citations": ["PMID:1", "NCT00000001"]'));
    assert.ok(after.endsWith('}\n{"text":"Synthetic: asthma."}\n'));
    assert.equal(strip(after, 'jsonl'), text);
    assert.ok(annotate(text, 'jsonl', 1).includes('asthma.","kedrec_decision":"recommend",'));
  });

  it('follow the indentation of a JSON file', () => {
    const text = '[\r\n  {\r\n    "text": "Synthetic: gout."\r\n  },\r\n  {\r\n    "text": "Synthetic: asthma."\r\n  }\r\n]\r\n';
    const after = annotate(text, 'json', 1);
    assert.ok(after.includes('asthma.",\r\n    "kedrec_decision": "recommend",\r\n    "kedrec_drug"'));
    assert.equal(strip(after, 'json'), text);
  });

  it('replace those of an earlier time', () => {
    for (const [text, format] of [['{"text":"Synthetic: gout."}', 'jsonl'], ['id,text\n1,"Synthetic: gout, left"\n2,Synthetic', 'csv']] as const) {
      const once = annotate(text, format, 0, { drug: 'colchicine' });
      assert.equal(annotate(once, format), annotate(text, format));
      assert.equal(strip(once, format), text);
    }
  });

  it('add columns once, quote by the delimiter, and leave other rows as they are', () => {
    const text = '\uFEFFid;text\r\n1;"Synthetic; gout"\r\n2;Synthetic: asthma\r\n';
    const after = annotate(text, 'csv', 1);
    assert.equal(after, '\uFEFFid;text;kedrec_decision;kedrec_drug;kedrec_confidence;kedrec_rationale;kedrec_citations;kedrec_review;kedrec_reviewer\r\n1;"Synthetic; gout"\r\n'
      + '2;Synthetic: asthma;recommend;allopurinol;0.8123;"Lowers urate, says ""a trial"".";"PMID:1; NCT00000001";accepted;kim\r\n');
    assert.deepEqual(readRecords(after, 'csv').problems, [], 'short rows are read');
    assert.equal(annotate(after, 'csv', 0).split('kedrec_decision').length, 2, 'the header is written once');
    assert.equal(strip(annotate(after, 'csv', 0), 'csv'), text);
  });

  it('stand below a case of a note as a block that is no part of the case', () => {
    const text = '## Case 1\n\nSynthetic: gout.\n\n## Case 2\n\nSynthetic: asthma.\n';
    const block = `### KEDRec recommendation\n\n- **Recommend: allopurinol**\n\nBy KEDRec. ${researchUse}\n`;
    const after = annotate(text, 'notes', 0, { block });
    assert.ok(after.startsWith('## Case 1\n\nSynthetic: gout.\n\n### KEDRec recommendation'));
    assert.deepEqual(readRecords(after, 'notes').records.map(record => record.caseText), readRecords(text, 'notes').records.map(record => record.caseText));
    assert.equal(annotate(after, 'notes', 0, { block }), after, 'written again, it is replaced');
    assert.equal(strip(after, 'notes'), text);
    assert.equal(blockEnd, researchUse);
  });

  it('are refused where the user has such a field, where a record is broken, and in a Bundle', () => {
    assert.throws(() => annotate('{"kedrec_drug":"x","text":"Synthetic"}', 'jsonl'), /field "kedrec_drug" of its own; choose another prefix/);
    assert.throws(() => annotate('kedrec_drug,text\nx,Synthetic\n', 'csv'), /column "kedrec_drug" of its own/);
    assert.throws(() => annotate('{"text":\n', 'jsonl'), /line 1 is not valid JSON/);
    assert.throws(() => annotate('a,text\n1,2,3\n', 'csv'), /another number of fields/);
    assert.throws(() => annotate('{"resourceType":"Bundle","entry":[]}', 'fhir'), /FHIR Bundle stays/);
    assert.throws(() => annotateEdits('{"text":"x"}', 'jsonl', { index: 0 }, values, 'a b'), /cannot begin field names/);
  });

  it('hold the verdict that stands: the adjudicator\u2019s before the own and the latest one', () => {
    const drug = (id: string) => ({ drug: { id, name: id }, decision: 'recommend', confidence: 0.5, rationale: { claims: [] } });
    const result = { recommendations: [drug('a'), drug('b')] } as unknown as Parameters<typeof valuesOf>[0];
    const review = (reviewer: string, verdict: 'accepted' | 'rejected', day: number, role?: 'adjudicator') => ({ reviewer, verdict, at: `2026-01-0${day}T00:00:00.000Z`, ...(role ? { role } : {}) });
    const of = (...reviews: ReturnType<typeof review>[]) => { const found = valuesOf(result, new Map([['a', reviews]]), 'own'); return [found?.drug, found?.review, found?.reviewer]; };
    assert.deepEqual(of(review('own', 'accepted', 1), review('other', 'rejected', 2)), ['a', 'accepted', 'own']);
    assert.deepEqual(of(review('other', 'accepted', 1), review('third', 'rejected', 2)), ['a', 'disputed', 'other; third']);
    assert.deepEqual(of(review('other', 'accepted', 1), review('third', 'accepted', 2)), ['a', 'accepted', 'third']);
    assert.deepEqual(of(review('own', 'accepted', 1), review('third', 'rejected', 2, 'adjudicator'), review('other', 'accepted', 3)), ['a', 'rejected', 'third']);
  });

  it('never take cells or text of the user\u2019s for what KEDRec wrote', () => {
    assert.throws(() => annotate('id,text\n1,Synthetic,a,b,c,d,e,f,g\n', 'csv'), /another number of fields/);
    const mine = 'Case 1\nSynthetic.\n\nKEDRec recommendation\nis a heading of mine.\n';
    const written = `${mine}\n\nKEDRec recommendation\nallopurinol\n${blockEnd}\n`;
    assert.equal(strip(written, 'notes'), `${mine}\n`);
  });

  for (const [format, make] of [['jsonl', randomJsonl], ['json', randomJson], ['csv', randomCsv]] as const) {
    it(`are taken out again without a trace, whatever the ${format} file looks like`, () => {
      for (let seed = 1; seed <= 300; seed++) {
        const random = randomNumbers(seed);
        const text = make(random);
        const index = indexRecords(text, format);
        const some = Array.from({ length: index.length }, (_, i) => i).filter(i => index.read(i).record && random() < 0.6);
        const edits = annotateManyEdits(text, format, some.map(i => ({ index: i, values: { ...values, drug: `a"b,;|\t${i}`, rationale: random() < 0.5 ? 'line\nbreak' : '' } })), 'kedrec_');
        const after = applyEdits(text, edits);
        const untouched = Array.from({ length: index.length }, (_, i) => i).filter(i => !some.includes(i));
        const again = indexRecords(after, format);
        assert.equal(again.length, index.length, `seed ${seed}`);
        for (const i of untouched) { assert.equal(after.slice(again.spanOf(i).start, again.spanOf(i).end), text.slice(index.spanOf(i).start, index.spanOf(i).end), `seed ${seed}`); }
        for (const i of some) {
          const { record, problems } = again.read(i);
          assert.deepEqual([record?.caseText, problems.filter(problem => problem.severity === 'error')], [index.read(i).record?.caseText, []], `seed ${seed}`);
        }
        assert.equal(strip(after, format), text, `seed ${seed}`);
      }
    });
  }
});

describe('fields of a file', () => {
  const ours = ['decision', 'drug', 'confidence', 'rationale', 'citations', 'review', 'reviewer'].map(name => `kedrec_${name}`);
  it('are the same before and after annotations were written into it, so that a mapping holds', () => {
    assert.deepEqual(fieldList(`nr;befund;${ours.join(';')}\n`, 'csv'), ['nr', 'befund']);
    const written = Object.fromEntries([['nr', 7], ['befund', 'Synthetic.'], ...ours.map(name => [name, ''])]) as object;
    assert.deepEqual(fieldList(`${JSON.stringify(written)}\n{"more": 1}\n`, 'jsonl'), ['nr', 'befund', 'more']);
    assert.deepEqual(fieldList('nr;kedrec_decision;kedrec_drug\n', 'csv'), ['nr', 'kedrec_decision', 'kedrec_drug'], 'a user\'s own field of such a name');
  });
});
