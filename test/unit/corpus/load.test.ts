import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { loadKnowledge } from '../../../src/core/knowledge/load';
import { buildBundle, CorpusError } from '../../../tools/corpus/bundle';
import { titleSimilarity } from '../../../tools/corpus/external';
import { loadCorpus } from '../../../tools/corpus/load';
import { formatProblem } from '../../../tools/corpus/problems';

// All entries are synthetic; their ids stand for nothing.
const DISEASES = '- id: gout\n  name: gout\n  kind: disease\n- id: renal-impairment\n  name: renal impairment\n  kind: condition\n';
const CLASSES = '- id: xanthine-oxidase-inhibitors\n  name: xanthine oxidase inhibitor\n';
const DRUGS = '- id: allopurinol\n  name: allopurinol\n  brands: [Zyloric]\n  classes: [xanthine-oxidase-inhibitors]\n  mechanism: Inhibits xanthine oxidase.\n  indications:\n    - disease: gout\n      line: first\n' +
  '  contraindications:\n    - condition: renal-impairment\n      level: caution\n';
const EVIDENCE = '- id: PMID:1\n  nct: NCT00000001\n  title: A synthetic trial of allopurinol\n  acronym: SYN\n  year: 2001\n  design: randomised trial\n  population: Adults with gout\n  comparison: Allopurinol against placebo.\n' +
  '  finding: Allopurinol lowered flares of gout.\n  direction: for\n  drugs: [allopurinol]\n  diseases: [gout]\n';

describe('corpus', () => {
  let dir = '';
  const write = (path: string, text: string): void => { mkdirSync(dirname(join(dir, path)), { recursive: true }); writeFileSync(join(dir, path), text); };
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'kedrec-corpus-'));
    write('diseases/a.yaml', DISEASES);
    write('classes/a.yaml', CLASSES);
    write('drugs/a.yaml', DRUGS);
    write('evidence/a.yaml', EVIDENCE);
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));
  const problems = (): string[] => loadCorpus(dir).problems.map(formatProblem);

  it('reads a sound corpus without a problem', () => {
    const { knowledge, evidence, problems: found } = loadCorpus(dir);
    assert.deepEqual(found, []);
    assert.deepEqual([knowledge.diseases.length, knowledge.classes.length, knowledge.drugs.length], [2, 1, 1]);
    assert.match(knowledge.version, /^[0-9a-f]{12}$/);
    assert.deepEqual(evidence[0], {
      id: 'PMID:1', source: 'literature', title: 'A synthetic trial of allopurinol', url: 'https://pubmed.ncbi.nlm.nih.gov/1/', year: 2001, design: 'randomised trial', direction: 'for', drugs: ['allopurinol'], diseases: ['gout'],
      facts: { acronym: 'SYN', nct: 'NCT00000001', population: 'Adults with gout', comparison: 'Allopurinol against placebo.' }, licence: 'MIT',
      passages: [
        { id: 'PMID:1#1', documentId: 'PMID:1', section: 'Finding', text: 'Allopurinol lowered flares of gout.' },
        { id: 'PMID:1#2', documentId: 'PMID:1', section: 'Design', text: 'SYN: randomised trial. Population: Adults with gout. Comparison: Allopurinol against placebo.' },
      ],
    });
  });

  it('takes trial records as trials', () => {
    write('evidence/b.yaml', EVIDENCE.replace('PMID:1', 'NCT00000002').replace(/ {2}nct.*\n/, ''));
    const document = loadCorpus(dir).evidence.find(({ id }) => id === 'NCT00000002');
    assert.deepEqual([document?.source, document?.url], ['trials', 'https://clinicaltrials.gov/study/NCT00000002']);
  });

  it('changes the version with the content', () => {
    const before = loadCorpus(dir).knowledge.version;
    assert.equal(loadCorpus(dir).knowledge.version, before);
    write('diseases/b.yaml', '- id: asthma\n  name: asthma\n  kind: disease\n');
    assert.notEqual(loadCorpus(dir).knowledge.version, before);
  });

  const mistakes: readonly (readonly [string, string, string, RegExp])[] = [
    ['broken YAML', 'drugs/a.yaml', '- id: [oops\n', /^drugs\/a\.yaml:\d+: error: /],
    ['no list', 'drugs/a.yaml', 'id: x\n', /^drugs\/a\.yaml:1: error: the file must be a list/],
    ['an unknown disease', 'drugs/a.yaml', DRUGS.replace('disease: gout', 'disease: gaut'), /^drugs\/a\.yaml:7: error: \[allopurinol\] indications: unknown disease "gaut"/],
    ['an unknown class with a hint', 'drugs/a.yaml', DRUGS.replace('[xanthine-oxidase-inhibitors]', '[xanthine-oxidase-inhibitor]'), /^drugs\/a\.yaml:4: error: .*did you mean "xanthine-oxidase-inhibitors"/],
    ['an unknown field', 'drugs/a.yaml', DRUGS.replace('brands', 'brand'), /^drugs\/a\.yaml:3: error: \[allopurinol\] brand: is not a field/],
    ['a missing field', 'diseases/a.yaml', DISEASES.replace('  kind: disease\n', ''), /^diseases\/a\.yaml:1: error: \[gout\] kind: is missing/],
    ['a value that is no choice', 'drugs/a.yaml', DRUGS.replace('line: first', 'line: second'), /^drugs\/a\.yaml:8: error: \[allopurinol\] line: "second" is none of first, later, adjunct/],
    ['a duplicate id', 'diseases/b.yaml', '- id: gout\n  name: goutte\n  kind: disease\n', /^diseases\/b\.yaml:1: error: \[gout\] id: disease "gout" is already described at diseases\/a\.yaml:1/],
    ['a name of two concepts', 'diseases/b.yaml', '- id: podagra\n  name: podagra\n  kind: disease\n  synonyms: [gout]\n', /error: \[podagra\] synonyms: the name "gout" belongs to disease gout and disease podagra/],
    ['a name split by its comma', 'drugs/a.yaml', DRUGS.replace('brands', 'synonyms: [3,4-diaminopyridine]\n  brands'), /error: \[allopurinol\] synonyms: "3" is no name/],
    ['a circle', 'diseases/b.yaml', '- id: a-x\n  name: a x\n  kind: disease\n  broader: [b-x]\n- id: b-x\n  name: b x\n  kind: disease\n  broader: [a-x]\n', /error: \[a-x\] broader: leads in a circle/],
    ['a malformed id', 'evidence/a.yaml', EVIDENCE.replace('PMID:1', 'PubMed 1'), /^evidence\/a\.yaml:1: error: .* id: "PubMed 1" is none of PMID:n/],
    ['a malformed trial id', 'evidence/a.yaml', EVIDENCE.replace('NCT00000001', 'NCT1'), /^evidence\/a\.yaml:2: error: .* nct: "NCT1" is no ClinicalTrials.gov id/],
    ['a missing year', 'evidence/a.yaml', EVIDENCE.replace('  year: 2001\n', ''), /error: \[PMID:1\] year: is missing/],
    ['a year that is none', 'evidence/a.yaml', EVIDENCE.replace('2001', '201'), /year: 201 is no year/],
    ['an evidence id twice', 'evidence/b.yaml', EVIDENCE, /^evidence\/b\.yaml:1: error: \[PMID:1\] id: "PMID:1" is already used at evidence\/a\.yaml:1/],
    ['a finding without its drug', 'evidence/a.yaml', EVIDENCE.replace('Allopurinol lowered', 'It lowered'), /^evidence\/a\.yaml:9: error: \[PMID:1\] finding: does not name allopurinol/],
    ['a finding without its disease', 'evidence/a.yaml', EVIDENCE.replace('flares of gout', 'flares'), /^evidence\/a\.yaml:9: warning: \[PMID:1\] finding: names none of its diseases/],
    ['a contraindication that is an indication', 'drugs/a.yaml', DRUGS.replace('condition: renal-impairment\n      level: caution', 'condition: gout\n      level: contraindicated'), /contraindications: "gout" is also an indication/],
    ['a word YAML takes for a truth value', 'diseases/a.yaml', DISEASES.replace('name: gout', 'name: true'), /error: \[gout\] name: must be text/],
  ];
  for (const [name, path, text, expected] of mistakes) {
    it(`explains ${name}`, () => {
      write(path, text);
      const found = problems();
      assert.ok(found.some((line) => expected.test(line)), `expected ${expected}, got\n${found.join('\n')}`);
    });
  }

  it('finds a drug named by its class or brand in a finding', () => {
    write('evidence/a.yaml', EVIDENCE.replace('Allopurinol lowered', 'Zyloric lowered'));
    assert.deepEqual(problems(), []);
    write('evidence/a.yaml', EVIDENCE.replace('Allopurinol lowered', 'Xanthine oxidase inhibitors lowered'));
    assert.deepEqual(problems(), []);
  });

  it('builds a bundle, the same bytes each time', async () => {
    const out = join(dir, 'out');
    const summary = await buildBundle(dir, out);
    assert.deepEqual([summary.drugs, summary.diseases, summary.classes, summary.indications, summary.evidence], [1, 2, 1, 1, 1]);
    const first = [readFileSync(join(out, 'knowledge.json')), readFileSync(join(out, 'evidence.kdx'))];
    assert.equal(loadKnowledge(first[0]!).version, summary.knowledgeVersion);
    await buildBundle(dir, out);
    assert.deepEqual([readFileSync(join(out, 'knowledge.json')), readFileSync(join(out, 'evidence.kdx'))], first);
  });

  it('builds nothing from a corpus with errors', async () => {
    write('drugs/a.yaml', DRUGS.replace('disease: gout', 'disease: gaut'));
    await assert.rejects(buildBundle(dir, join(dir, 'out')), (error: unknown) => error instanceof CorpusError && /unknown disease "gaut"/.test(error.message));
    await assert.rejects(buildBundle(join(dir, 'nowhere'), join(dir, 'out')), CorpusError);
  });
});

describe('titleSimilarity', () => {
  it('is 1 for titles that differ in case and punctuation alone, low for others', () => {
    assert.equal(titleSimilarity('A Trial of X: in Gout.', 'a trial of X in gout'), 1);
    assert.ok(titleSimilarity('A trial of allopurinol in gout', 'Surgery of the knee') < 0.4);
  });
});
