import assert from 'node:assert/strict';
import { readQrels, readQueries } from '../../../src/core/evaluation/beir';
import { EvaluationInputError } from '../../../src/core/evaluation/errors';
import { readTriples } from '../../../src/core/evaluation/triples';

const fails = (read: () => unknown, expected: RegExp) => assert.throws(read, (error: unknown) => error instanceof EvaluationInputError && expected.test(error.message));
const header = 'disease\trelevant\tirrelevant\n';

describe('triples', () => {
  it('are read with their lines, whatever the line ends and the order of columns', () => {
    assert.deepEqual(readTriples(`\uFEFF${header}gout\tallopurinol\tlithium\r\n\n  asthma \tsalbutamol\ttimolol\n`, 'T.tsv'), [
      { disease: 'gout', relevant: 'allopurinol', irrelevant: 'lithium', line: 2 }, { disease: 'asthma', relevant: 'salbutamol', irrelevant: 'timolol', line: 4 },
    ]);
    assert.equal(readTriples('relevant\tnote\tirrelevant\tDisease\nallopurinol\t-\tlithium\tgout', 'T.tsv')[0]?.disease, 'gout');
  });

  it('name file, line and column of what is wrong', () => {
    fails(() => readTriples('', 'T.tsv'), /^T\.tsv:1: the column "disease" is missing/);
    fails(() => readTriples('disease\trelevant\nx\ty', 'T.tsv'), /^T\.tsv:1: the column "irrelevant" is missing/);
    fails(() => readTriples('disease,relevant,irrelevant\n', 'T.tsv'), /separated by tabs/);
    fails(() => readTriples('disease\trelevant\tirrelevant\tdisease\n', 'T.tsv'), /^T\.tsv:1: the column "disease" comes twice/);
    fails(() => readTriples(`${header}gout\tallopurinol\tlithium\ngout\tallopurinol`, 'T.tsv'), /^T\.tsv:3: 2 columns where the header has 3/);
    fails(() => readTriples(`${header}gout\t \tlithium`, 'T.tsv'), /^T\.tsv:2: the column "relevant" is empty/);
    fails(() => readTriples(`${header}gout\tLithium\tlithium`, 'T.tsv'), /^T\.tsv:2: .*same drug/);
    fails(() => readTriples(header, 'T.tsv'), /^T\.tsv: it has no triples/);
  });
});

describe('BEIR files', () => {
  const queries = readQueries('{"_id": "1", "text": "one"}\n{"_id": 2, "text": "two"}\n', 'Q.jsonl');

  it('are read', () => {
    assert.deepEqual(queries, [{ id: '1', text: 'one' }, { id: '2', text: 'two' }]);
    const qrels = readQrels('query-id\tcorpus-id\tscore\n1\tD1\t1\n1\tD2\t0\r\n2\tD1\t2\n', 'R.tsv', queries);
    assert.deepEqual([...qrels.get('1')!], [['D1', 1], ['D2', 0]]);
    assert.deepEqual([...qrels.get('2')!], [['D1', 2]]);
  });

  it('name file, line and field of what is wrong', () => {
    fails(() => readQueries('{"_id": "1", "text": "one"}\n{"_id": "1"', 'Q.jsonl'), /^Q\.jsonl:2: this line is not JSON/);
    fails(() => readQueries('[]', 'Q.jsonl'), /^Q\.jsonl:1: this line is not a JSON object/);
    fails(() => readQueries('{"text": "one"}', 'Q.jsonl'), /^Q\.jsonl:1: the field "_id"/);
    fails(() => readQueries('{"_id": "1", "text": " "}', 'Q.jsonl'), /^Q\.jsonl:1: the field "text"/);
    fails(() => readQueries('{"_id": "1", "text": "a"}\n{"_id": 1, "text": "b"}', 'Q.jsonl'), /^Q\.jsonl:2: the "_id" 1 comes twice/);
    fails(() => readQueries('\n', 'Q.jsonl'), /no queries/);
    const rows = (text: string) => () => readQrels(`query-id\tcorpus-id\tscore\n${text}`, 'R.tsv', queries);
    fails(() => readQrels('1\tD1\t1\n', 'R.tsv', queries), /^R\.tsv:1: the header/);
    fails(rows('1\tD1'), /^R\.tsv:2: 2 columns where 3/);
    fails(rows('1\tD1\t1\n1\tD2\tyes'), /^R\.tsv:3: the column "score"/);
    fails(rows('1\t\t1'), /^R\.tsv:2: the column "corpus-id" is empty/);
    fails(rows('9\tD1\t1'), /^R\.tsv:2: the query 9 is not in the queries file/);
    fails(rows('1\tD1\t1\n1\tD1\t0'), /^R\.tsv:3: document D1 is judged twice/);
    fails(rows('1\tD1\t0'), /no document as relevant/);
  });
});
