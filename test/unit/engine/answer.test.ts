import assert from 'node:assert/strict';
import { answerErrors } from '../../../src/core/engine/answer/answerSchema';
import { extractJson } from '../../../src/core/engine/answer/extractJson';
import { normalizeAnswer } from '../../../src/core/engine/answer/normalizeAnswer';
import { readAnswer, readPartialAnswer } from '../../../src/core/engine/answer/readAnswer';
import { separateReasoning } from '../../../src/core/engine/answer/reasoning';
import { candidate } from '../../endpoint/fixture';

const candidates = [candidate('metformin'), candidate('insulin-glargine')];
const entry = (drug: string): object => ({ drug, decision: 'consider', confidence: 0.5, summary: 'Synthetic.', claims: [{ text: 'A claim.', stance: 'for', citations: ['E1'] }] });
const whole = JSON.stringify({ recommendations: [entry('metformin'), entry('insulin glargine')] });

describe('reading answers', () => {
  it('reads every prefix of an answer without inventing anything', () => {
    let most = 0;
    for (let length = 0; length <= whole.length; length++) {
      const drafts = readPartialAnswer(whole.slice(0, length), candidates);
      assert.ok(drafts.length >= most, 'drafts never disappear');
      most = drafts.length;
      assert.ok(drafts.every((draft) => ['metformin', 'insulin-glargine'].includes(draft.drugId)));
      const read = readAnswer(whole.slice(0, length), candidates);
      assert.equal(read.errors.length === 0, length === whole.length, `a prefix of ${length} characters was taken for an answer`);
    }
    assert.equal(most, 2);
  });

  it('finds the answer in prose and fences, past other JSON', () => {
    assert.equal(readAnswer(`Weighing {metformin} and [1]: {"note": 1}\n\`\`\`json\n${whole}\n\`\`\` Done {ok}.`, candidates).drafts.length, 2);
    assert.equal(extractJson('no json here'), undefined);
    assert.equal(extractJson('['.repeat(50_000)), undefined, 'nesting without end');
  });

  it('mends spelling only', () => {
    const mended = normalizeAnswer([{ drug: ' Metformin ', decision: 'Insufficient evidence', confidence: '85%', summary: '', extra: 1,
      claims: [{ text: 'It helps [E2, E3].', stance: 'For', citations: '[E1]' }, { text: 'See (E4)', stance: 'for' }] }]);
    assert.deepEqual(mended, { recommendations: [{ drug: 'Metformin', decision: 'insufficient-evidence', confidence: 0.85, summary: '',
      claims: [{ text: 'It helps.', stance: 'for', citations: ['E1', 'E2', 'E3'] }, { text: 'See', stance: 'for', citations: ['E4'] }] }] });
    assert.deepEqual(answerErrors(mended), []);
  });

  it('says what is wrong in a way a model can mend', () => {
    const errors = answerErrors({ recommendations: [{ drug: 'metformin', decision: 'maybe', confidence: 3, summary: '', claims: [] }] });
    assert.ok(errors.some((error) => error.startsWith('recommendations/0/decision')), errors.join('; '));
    assert.ok(errors.some((error) => error.startsWith('recommendations/0/confidence')), errors.join('; '));
    assert.ok(answerErrors({}).length > 0);
    assert.ok(answerErrors(null).length > 0);
  });

  it('matches names without case and punctuation, and nothing looser', () => {
    const read = readAnswer(JSON.stringify({ recommendations: [entry('METFORMIN (Glucophage)'), entry('insulin-glargine'), entry('insulin')] }), candidates);
    assert.deepEqual(read.drafts.map((draft) => draft.drugId), ['metformin', 'insulin-glargine']);
    assert.deepEqual(read.strangers, ['insulin']);
    assert.deepEqual(read.missing, []);
  });

  it('takes thinking apart, also while it is streaming', () => {
    assert.deepEqual(separateReasoning('<think>a</think>b'), { answer: 'b', reasoning: 'a' });
    assert.deepEqual(separateReasoning('<think>a {"drug"'), { answer: '', reasoning: 'a {"drug"' });
    assert.deepEqual(separateReasoning('a</think>b'), { answer: 'b', reasoning: 'a' });
    assert.deepEqual(separateReasoning('x <thi'), { answer: 'x ', reasoning: '' });
    assert.deepEqual(separateReasoning('HbA1c < 7'), { answer: 'HbA1c < 7', reasoning: '' });
  });
});
