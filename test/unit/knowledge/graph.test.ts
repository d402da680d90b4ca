import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { KnowledgeError } from '../../../src/core/knowledge/errors';
import { KnowledgeGraph } from '../../../src/core/knowledge/graph';
import { loadKnowledge } from '../../../src/core/knowledge/load';
import { readCase } from '../../../src/core/terminology/read-case';
import { Terminology } from '../../../src/core/terminology/terminology';
import { KNOWLEDGE } from '../terminology/fixture';

// All cases are synthetic.
const graph = new KnowledgeGraph(KNOWLEDGE);
const terminology = new Terminology(KNOWLEDGE);
const flags = (drugId: string, text: string): string[] => graph.safetyFlags(drugId, readCase(text, terminology)).map(({ kind, level }) => `${kind}:${level}`);
const seeded = (seed: number) => (): number => { seed = (seed * 1664525 + 1013904223) % 4294967296; return seed / 4294967296; };

describe('KnowledgeGraph', () => {
  it('finds drugs by exact, wider and narrower diseases, nearest first', () => {
    const edges = (id: string, options = {}): string[] => graph.drugsFor(id, options).map(({ drug, relation, distance }) => `${drug.id}:${relation}:${distance}`);
    assert.deepEqual(edges('type-2-diabetes-mellitus'), ['metformin:exact:0', 'insulin:broader:1']);
    assert.deepEqual(edges('type-2-diabetes-mellitus', { includeBroader: false }), ['metformin:exact:0']);
    assert.deepEqual(edges('diabetes-mellitus', { includeNarrower: true }), ['insulin:exact:0', 'metformin:narrower:1']);
    assert.deepEqual(edges('nothing'), []);
  });

  it('closes hierarchies', () => {
    assert.deepEqual([...graph.broader('heart-failure-with-reduced-ejection-fraction').keys()], ['heart-failure']);
    assert.deepEqual([...graph.narrower('diabetes-mellitus').keys()].sort(), ['type-1-diabetes-mellitus', 'type-2-diabetes-mellitus']);
    assert.deepEqual(graph.classesOf('amoxicillin'), ['penicillins', 'beta-lactams']);
    assert.deepEqual(graph.drugsInClass('beta-lactams').map(({ id }) => id), ['amoxicillin', 'ampicillin', 'cefuroxime']);
    assert.deepEqual([graph.disease('gout')?.name, graph.drug('metformin')?.name, graph.drugClass('statins')?.name, graph.drug('none')], ['gout', 'metformin', 'statin', undefined]);
  });

  it('survives circles in the hierarchy', () => {
    const [first, second] = [KNOWLEDGE.diseases[0]!, KNOWLEDGE.diseases[1]!];
    const circular = new KnowledgeGraph({ ...KNOWLEDGE, diseases: [{ ...first, broader: [second.id] }, second] });
    assert.deepEqual([...circular.broader(first.id).keys()], [second.id]);
  });

  it('finds hard negatives: unrelated, of like degree, repeatable', () => {
    const picked = graph.hardNegatives('type-2-diabetes-mellitus', seeded(7), 3).map(({ id }) => id);
    assert.equal(picked.length, 3);
    assert.ok(!picked.includes('metformin') && !picked.includes('insulin'));
    assert.deepEqual(graph.hardNegatives('type-2-diabetes-mellitus', seeded(7), 3).map(({ id }) => id), picked);
    // Lisinopril is contraindicated in pregnancy: that is a relation too.
    assert.ok(!graph.hardNegatives('pregnancy', seeded(1), 99).some(({ id }) => id === 'lisinopril'));
  });

  it('finds the shortest path', () => {
    assert.deepEqual(graph.path('metformin', 'diabetes-mellitus'), [
      { from: 'metformin', relation: 'is used for', to: 'type-2-diabetes-mellitus' }, { from: 'type-2-diabetes-mellitus', relation: 'is a kind of', to: 'diabetes-mellitus' },
    ]);
    assert.equal(graph.path('ramipril', 'heart-failure')?.length, 3);
    assert.equal(graph.path('chloroquine', 'gout'), undefined);
    assert.equal(graph.path('unknown', 'gout'), undefined);
  });
});

describe('KnowledgeGraph.safetyFlags', () => {
  it('does not spread an allergy over a class made by purpose', () => {
    const drugs = KNOWLEDGE.drugs.map((drug) => (['metformin', 'allopurinol'].includes(drug.id) ? { ...drug, classes: [`${drug.id}-class`, 'qt-prolonging-drugs'] } : drug));
    const classes = [...KNOWLEDGE.classes, { id: 'qt-prolonging-drugs', name: 'QT-prolonging drug', synonyms: [], abbreviations: [], crossReactive: [], partOf: [] }];
    const changed = new KnowledgeGraph({ ...KNOWLEDGE, drugs, classes });
    assert.deepEqual(changed.safetyFlags('metformin', readCase('Allergic to allopurinol.', terminology)), []);
  });

  it('calls for caution, not more, in a class whose members do not share an allergy', () => {
    const drugs = KNOWLEDGE.drugs.map((drug) => (['metformin', 'allopurinol'].includes(drug.id) ? { ...drug, classes: ['synthetic-class'] } : drug));
    const changed = (sharedAllergy: boolean): string[] => new KnowledgeGraph({ ...KNOWLEDGE, drugs, classes: [...KNOWLEDGE.classes, { id: 'synthetic-class', name: 'synthetic class', synonyms: [], abbreviations: [], crossReactive: [], partOf: [], sharedAllergy }] })
      .safetyFlags('metformin', readCase('Allergic to allopurinol.', terminology)).map(({ level }) => level);
    assert.deepEqual([changed(false), changed(true)], [['caution'], ['avoid']]);
  });

  const rows: readonly (readonly [string, string, readonly string[]])[] = [
    ['amoxicillin', 'Allergic to amoxicillin.', ['allergy:avoid']],
    ['amoxicillin', 'Penicillin allergy.', ['allergy:avoid']],
    ['ampicillin', 'Rash with amoxicillin.', ['allergy:avoid']],
    ['cefuroxime', 'Penicillin allergy.', ['allergy:caution']],
    ['cefuroxime', 'Rash with amoxicillin.', ['allergy:caution']],
    ['clarithromycin', 'Penicillin allergy.', []],
    ['amoxicillin', 'No allergy to penicillin.', []],
    ['amoxicillin', 'NKDA.', []],
    ['amoxicillin', 'Mother is allergic to penicillin.', []],
    ['metformin', 'eGFR 22', ['contraindication:avoid']],
    ['metformin', 'Heart failure with reduced ejection fraction.', ['contraindication:caution']],
    ['lisinopril', 'A pregnant woman with hypertension.', ['contraindication:avoid']],
    ['lisinopril', 'She is not pregnant.', []],
    ['lisinopril', 'Prior angioedema.', ['contraindication:caution']],
    ['lisinopril', 'Takes potassium chloride tablets.', ['interaction:caution']],
    ['clarithromycin', 'Takes Zocor.', ['interaction:avoid']],
    ['simvastatin', 'Takes clarithromycin.', ['interaction:avoid']],
    ['simvastatin', 'Clarithromycin was stopped.', []],
    ['metformin', 'Takes metformin.', ['duplicate:caution']],
    ['lisinopril', 'Takes Zestril. Pregnant.', ['contraindication:avoid', 'duplicate:caution']],
    ['unknown', 'Pregnant.', []],
  ];
  for (const [drugId, text, expected] of rows) it(`${drugId}: ${text}`, () => assert.deepEqual(flags(drugId, text), expected));

  it('gives a reason, the place in the case and the passage that says so', () => {
    const text = 'Diabetes. eGFR 22.';
    const [flag] = graph.safetyFlags('metformin', readCase(text, terminology));
    assert.equal(flag!.reason, 'Metformin is contraindicated in severe renal impairment; the case names severe renal impairment. It accumulates and can cause lactic acidosis.');
    assert.equal(text.slice(flag!.caseSpan!.start, flag!.caseSpan!.end), 'eGFR 22');
    assert.equal(graph.profile('metformin')!.passages.find(({ id }) => id === flag!.passageId)?.text, 'Metformin is contraindicated in severe renal impairment. It accumulates and can cause lactic acidosis.');
  });

  it('points at the profile of the drug that lists the interaction', () => {
    const [flag] = graph.safetyFlags('simvastatin', readCase('Takes clarithromycin.', terminology));
    assert.match(flag!.passageId ?? '', /^KG:clarithromycin#/);
    assert.match(graph.profile('clarithromycin')!.passages.find(({ id }) => id === flag!.passageId)?.text ?? '', /should not be combined with statin/);
  });
});

describe('KnowledgeGraph.profile', () => {
  it('states each edge in a passage of its own', () => {
    const profile = graph.profile('metformin')!;
    assert.equal(profile.id, 'KG:metformin');
    assert.equal(profile.source, 'knowledge-graph');
    assert.equal(profile.url, 'https://go.drugbank.com/drugs/DB00331');
    assert.deepEqual(profile.passages.map(({ id }) => id), ['KG:metformin#1', 'KG:metformin#2', 'KG:metformin#3', 'KG:metformin#4']);
    assert.deepEqual(profile.passages.map(({ text }) => text), [
      'Metformin belongs to the class biguanide. Metformin lowers glucose production in the liver.',
      'Metformin is used for type 2 diabetes mellitus (first line, disease-modifying).',
      'Metformin is contraindicated in severe renal impairment. It accumulates and can cause lactic acidosis.',
      'Metformin calls for caution in heart failure.',
    ]);
    assert.equal(graph.profile('amoxicillin')!.passages[0]!.text, 'Amoxicillin belongs to the class penicillin.');
    assert.equal(graph.profile('allopurinol')!.passages[1]!.text, 'Allopurinol is used for gout (preventive). Not for the acute attack.');
  });

  for (const [mechanism, expected] of [
    ['Blocks the pump.', 'Metformin blocks the pump.'], ['Irreversibly blocks the pump', 'Metformin irreversibly blocks the pump.'], ['Antibodies that bind it.', 'Mechanism of metformin: antibodies that bind it.'],
    ['Intravenous blocker of it.', 'Mechanism of metformin: intravenous blocker of it.'], ['HIV protease inhibitor.', 'Mechanism of metformin: HIV protease inhibitor.'], ['Metformin does it.', 'Metformin does it.'],
  ] as const) {
    it(`makes a sentence of "${mechanism}"`, () => {
      const drugs = KNOWLEDGE.drugs.filter(({ id }) => id === 'metformin').map((drug) => ({ ...drug, classes: [], mechanism }));
      assert.equal(new KnowledgeGraph({ ...KNOWLEDGE, drugs }).profile('metformin')!.passages[0]!.text, expected);
    });
  }

  it('takes the document id as well, and knows no other', () => {
    assert.equal(graph.profile('KG:metformin'), graph.profile('metformin'));
    assert.equal(graph.profile('KG:unknown'), undefined);
  });
});

describe('loadKnowledge', () => {
  it('reads what was written', () => {
    assert.deepEqual(loadKnowledge(JSON.stringify(KNOWLEDGE)), KNOWLEDGE);
    assert.deepEqual(loadKnowledge(new TextEncoder().encode(JSON.stringify(KNOWLEDGE))), KNOWLEDGE);
  });

  for (const [name, json, message] of [
    ['cut off', JSON.stringify(KNOWLEDGE).slice(0, 900), /not readable JSON/],
    ['of another kind', '[]', /no version/],
    ['without drugs', JSON.stringify({ ...KNOWLEDGE, drugs: undefined }), /no list "drugs"/],
    ['with a drug without name', JSON.stringify({ ...KNOWLEDGE, drugs: [{ id: 'x' }] }), /drugs\[0\] .* no id or name/],
    ['with a disease without lists', JSON.stringify({ ...KNOWLEDGE, diseases: [{ id: 'x', name: 'x' }] }), /diseases\[0\] \("x"\) .* no list "synonyms"/],
    ['not UTF-8', new Uint8Array([0xff, 0xfe, 0x00]), /not readable JSON/],
  ] as const) {
    it(`refuses a file ${name}`, () => assert.throws(() => loadKnowledge(json), (error: unknown) => error instanceof KnowledgeError && message.test(error.message) && /reinstall/.test(error.message)));
  }
});
