import assert from 'node:assert/strict';
import { join } from 'node:path';
import { checkedMapping } from '../../../src/core/evidence/readers/mapped';
import { folderOf, readFiles, readPaths } from './support';

describe('generic readers', () => {
  it('read the corpus of a BEIR set as it is, and not its queries', async () => {
    const { documents, problems, summary } = await readFiles({
      'corpus.jsonl': '{"_id": "7", "title": "Synthetic", "text": "Some text \uFFFD."}\n{"_id": "8", "title": "", "text": "More."}\n', 'queries.jsonl': '{"_id": "1", "text": "A question"}\n', 'qrels.tsv': 'query-id\tcorpus-id\tscore\n1\t7\t1\n',
    });
    assert.deepEqual(documents.map(({ id, title, source, passages }) => [id, title, source, passages[0]?.text]), [['7', 'Synthetic', 'literature', 'Some text \uFFFD.'], ['8', '8', 'literature', 'More.']]);
    assert.deepEqual(summary.files, { beir: 1 });
    assert.equal(summary.filesWithoutDocuments, 2);
    assert.equal(problems.length, 2);
  });

  it('guess the columns of CSV and TSV, quoted line ends included', async () => {
    const { documents, problems } = await readFiles({
      'a.csv': 'PMID,Title,Abstract,Publication Year\r\n90000041,"A ""quoted"" title","Two\r\nlines",2011\r\n', 'b.tsv': 'nct_id\tbrief_title\tbrief_summary\nNCT90000042\tSynthetic trial\tSomething\n', 'c.txt': 'doc id;text\nx1;Semicolons\n',
    });
    assert.deepEqual(problems, []);
    assert.deepEqual(documents.map(({ passages, ...header }) => ({ ...header, text: passages[0]?.text })), [
      { id: 'PMID:90000041', source: 'literature', title: 'A "quoted" title', url: 'https://pubmed.ncbi.nlm.nih.gov/90000041/', year: 2011, text: 'Two lines' },
      { id: 'NCT90000042', source: 'trials', title: 'Synthetic trial', url: 'https://clinicaltrials.gov/study/NCT90000042', text: 'Something' },
      { id: 'x1', source: 'literature', title: 'x1', text: 'Semicolons' },
    ]);
  });

  it('follow a mapping: constant source, several texts, nested keys, object of records', async () => {
    const { documents } = await readFiles({ 'x.json': JSON.stringify({ 90000051: { q: { text: 'Synthetic question?' }, contexts: ['One.', 'Two.'], answer: 'Yes.' } }) },
      { mapping: { id: '@key', title: 'q.text', text: ['contexts', 'answer'], source: 'labels' } });
    assert.deepEqual(documents.map(({ id, title, source, passages }) => [id, title, source, passages.map(({ section, text }) => [section, text])]),
      [['90000051', 'Synthetic question?', 'labels', [['contexts', 'One.\nTwo.'], ['answer', 'Yes.']]]]);
  });

  it('make ids of file and record where the mapping has none', async () => {
    const { documents } = await readFiles({ 'notes.csv': 'body,n\nFirst,1\nSecond,2\n' }, { mapping: { text: 'body' } });
    assert.deepEqual(documents.map(({ id }) => id), ['notes.csv:1', 'notes.csv:2']);
  });

  it('follow one mapping for each table', async () => {
    const folder = await folderOf({ 'a.csv': 'key,says\n1,One\n', 'b.csv': 'wording,number\nTwo,2\n', 'c.csv': 'id,title,text\n3,Three,Known\n' });
    const { documents, problems } = await readPaths([folder], { mappings: { [join(folder, 'a.csv')]: { id: 'key', text: 'says' }, [join(folder, 'b.csv')]: { id: 'number', text: 'wording' } } });
    assert.deepEqual([documents.map(({ id, passages }) => [id, passages[0]?.text]), problems], [[['1', 'One'], ['2', 'Two'], ['3', 'Known']], []]);
  });

  it('say which column is missing and which rows are skipped', async () => {
    assert.deepEqual((await readFiles({ 'a.csv': 'id,text\n1,x\n' }, { mapping: { id: 'id', text: 'abstract' } })).problems.map(({ reason }) => reason), ['it has no column "abstract" that the mapping names']);
    const { documents, problems } = await readFiles({ 'a.csv': 'id,text\n1,one\n2\n3,"open\n4,four\n5,""\n6,six\n,seven\n' });
    assert.deepEqual(documents.map(({ id }) => id), ['1', '4', '6']);
    assert.deepEqual(problems.map(({ line, reason }) => [line, reason]), [[3, '1 cells where the header has 2'], [4, 'a quote is opened and not closed'], [6, '"text" (the text) is empty'], [8, '"id" (the id) is empty']]);
  });

  it('check a mapping that a user gives', () => {
    assert.deepEqual(checkedMapping({ id: 'a', text: ['b', 'c'] }), { id: 'a', text: ['b', 'c'] });
    for (const bad of [null, [], {}, { text: '' + 1, ids: 'x' }, { text: 5 }, { text: [] }, { id: ['a'], text: 'b' }]) assert.throws(() => checkedMapping(bad), /mapping/i);
  });
});
