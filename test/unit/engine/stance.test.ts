import assert from 'node:assert/strict';
import { polarityOf } from '../../../src/core/engine/stance';

describe('polarityOf', () => {
  const cases: readonly [string, ReturnType<typeof polarityOf>][] = [
    ['Drug X reduced mortality in disease Y.', 'positive'],
    ['Drug X improved symptoms and prolonged survival.', 'positive'],
    ['Drug X did not reduce mortality.', 'negative'],
    ['There was no significant difference between drug X and placebo.', 'negative'],
    ['The trial of drug X was stopped for futility.', 'negative'],
    ['Drug X failed to improve the primary end point.', 'negative'],
    ['Drug X increased the risk of bleeding.', 'harm'],
    ['Drug X reduced the risk of bleeding.', 'positive'],
    ['More deaths occurred with drug X, although it lowered blood pressure.', 'harm'],
    ['Drug X was compared with drug Z in disease Y.', 'neutral'],
  ];
  for (const [sentence, expected] of cases) { it(`${expected}: ${sentence}`, () => assert.equal(polarityOf(sentence), expected)); }
});
