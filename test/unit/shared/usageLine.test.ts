import assert from 'node:assert/strict';
import { usageLine } from '../../../src/shared/labels';

describe('what a model used, in words', () => {
  it('says what is known and nothing else', () => {
    assert.equal(usageLine({ promptTokens: 2000, completionTokens: 120, firstTokenMs: 412.4, tokensPerSecond: 35.2 }), '2,000 tokens read, 120 written \u00b7 first words after 412 ms \u00b7 35.2 tokens/s');
    assert.equal(usageLine({ completionTokens: 7, firstTokenMs: 61_000 }), '7 tokens written \u00b7 first words after 61.0 s');
    assert.equal(usageLine({ promptTokens: 9 }), '9 tokens read');
    assert.equal(usageLine({}), '');
  });
});
