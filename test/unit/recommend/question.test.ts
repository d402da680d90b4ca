import assert from 'node:assert/strict';
import { targetDiseases } from '../../../src/core/recommend/question';
import { readCase } from '../../../src/core/terminology/read-case';
import { knowledge } from './fixture';

const targets = (text: string) => targetDiseases(text, readCase(text, knowledge.terminology), knowledge).map(({ id }) => id);

describe('targetDiseases', () => {
  it('takes what the case presents before what it lists as history', () => {
    assert.deepEqual(targets('Synthetic: woman with known sampleosis presents with examplitis.'), ['examplitis']);
    assert.deepEqual(targets('Synthetic: examplitis, newly diagnosed, in a patient with sampleosis.'), ['examplitis']);
    assert.deepEqual(targets('Synthetic: examplitis. She has sampleosis, well controlled.'), ['examplitis']);
  });
  it('takes several that stand side by side', () => assert.deepEqual(targets('Synthetic: examplitis and sampleosis.').sort(), ['examplitis', 'sampleosis']));
  it('takes a comorbidity when there is nothing else', () => assert.deepEqual(targets('Synthetic: known sampleosis.'), ['sampleosis']));
  it('leaves out what is negated, in the family, or a mere condition', () => assert.deepEqual(targets('Synthetic: no examplitis, fragile state, father had sampleosis.'), []));
});
