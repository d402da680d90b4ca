import assert from 'node:assert/strict';
import { expandingStore, relatedNames } from '../../../src/core/evidence/expand';
import { memoryEvidenceStore } from '../../../src/core/evidence/memory';
import type { EvidenceQuery } from '../../../src/core/evidence/types';
import { Terminology } from '../../../src/core/terminology/terminology';
import type { KnowledgeData } from '../../../src/core/terminology/types';

const KNOWLEDGE = {
  version: 'test', classes: [],
  diseases: [{ id: 'heart-failure', name: 'heart failure', kind: 'disease', synonyms: ['cardiac insufficiency', 'congestive cardiac failure'], abbreviations: ['CHF'], broader: [], ids: {} }],
  drugs: [{ id: 'acetaminophen', name: 'acetaminophen', synonyms: ['paracetamol', 'APAP', 'one', 'two', 'three'], abbreviations: [], brands: [], classes: [], indications: [], contraindications: [], interactions: [], targets: [], ids: {} }],
} as unknown as KnowledgeData;

describe('other names of what a query names', () => {
  const terminology = new Terminology(KNOWLEDGE);

  it('are those of the concepts found in it, four of each at most', () => {
    assert.deepEqual(relatedNames('paracetamol', terminology).map(({ text }) => text), ['acetaminophen', 'paracetamol', 'APAP', 'one']);
    assert.deepEqual(relatedNames('nothing known', terminology), []);
  });

  it('find a passage that uses another name, below those that use the query’s own', async () => {
    const texts = ['Cardiac insufficiency was treated.', 'Heart failure was treated.', 'Asthma was treated.'];
    const documents = texts.map((text, i) => ({ id: `D${i}`, source: 'literature' as const, title: '', passages: [{ id: `D${i}#1`, documentId: `D${i}`, text }] }));
    const plain = memoryEvidenceStore(documents);
    const store = expandingStore(plain, terminology);
    assert.deepEqual((await plain.search({ text: 'heart failure', limit: 5 })).map(({ header }) => header.id), ['D1']);
    assert.deepEqual((await store.search({ text: 'heart failure', limit: 5 })).map(({ header }) => header.id), ['D1', 'D0']);
    assert.equal((await store.document('D0'))?.passages.length, 1);
    assert.equal((await store.info())[0]?.documents, 3);
    await store.dispose();
  });

  it('leave a query alone that brings its own', async () => {
    const asked: EvidenceQuery[] = [];
    const store = expandingStore({ info: async () => [], search: async query => { asked.push(query); return []; }, document: async () => undefined, dispose: async () => undefined }, terminology);
    await store.search({ text: 'heart failure', limit: 1, related: [] });
    assert.deepEqual(asked[0]?.related, []);
  });
});
