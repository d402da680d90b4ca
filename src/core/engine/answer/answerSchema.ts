import { Validator, type OutputUnit, type Schema } from '@cfworker/json-schema';
import answerSchema from '../../../../schemas/answer.schema.json';
import type { Decision } from '../types';

/** An answer as `schemas/answer.schema.json` describes it. */
export interface AnswerClaim {
  readonly text: string;
  readonly stance: 'for' | 'against' | 'safety';
  readonly citations: readonly string[];
}

/** One entry of `recommendations` in an answer. */
export interface AnswerRecommendation {
  readonly drug: string;
  readonly decision: Decision;
  readonly confidence: number;
  readonly summary: string;
  readonly claims: readonly AnswerClaim[];
}

/** The whole answer. */
export interface Answer {
  readonly recommendations: readonly AnswerRecommendation[];
}

/** Plain JSON Schema, as it is sent to a server. */
export type JsonSchema = { readonly [key: string]: unknown };

/** What a request narrows the schema to. */
export interface SchemaScope {
  readonly drugNames: readonly string[];
  readonly labels: readonly string[];
  /**
   * One place for each drug, and bounds on the other arrays: a small model then neither skips a candidate nor repeats one for ever.
   * llama.cpp and xgrammar decode by it; strict servers refuse it, and get a plain list instead.
   */
  readonly bounded: boolean;
}

/** As the prompt asks. */
const maxClaims = 5;
const maxCitations = 3;

/**
 * The schema of the answer to one request. Unless bounded, restricted to keywords that strict structured output accepts everywhere:
 * every property required, no additional ones, no numeric or string bounds.
 */
export function wireSchema(scope: SchemaScope): JsonSchema {
  const object = (properties: Record<string, unknown>): JsonSchema =>
    ({ type: 'object', properties, required: Object.keys(properties), additionalProperties: false });
  const bounds = (min: number, max: number): JsonSchema => (scope.bounded ? { minItems: min, maxItems: max } : {});
  const fields = answerSchema.properties.recommendations.items.properties;
  const label = scope.labels.length > 0 ? { type: 'string', enum: scope.labels } : { type: 'string' };
  const claim = object({
    text: { type: 'string' },
    stance: { type: 'string', enum: fields.claims.items.properties.stance.enum },
    citations: { type: 'array', items: label, ...bounds(0, scope.labels.length > 0 ? maxCitations : 0) },
  });
  const recommendation = (drugs: readonly string[]): JsonSchema => object({
    drug: { type: 'string', enum: drugs },
    decision: { type: 'string', enum: fields.decision.enum },
    confidence: { type: 'number' },
    summary: { type: 'string' },
    claims: { type: 'array', items: claim, ...bounds(0, maxClaims) },
  });
  const { drugNames } = scope;
  const list = scope.bounded ? { prefixItems: drugNames.map((name) => recommendation([name])), ...bounds(drugNames.length, drugNames.length) } : { items: recommendation(drugNames) };
  return object({ recommendations: { type: 'array', ...list } });
}

const validator = new Validator(answerSchema as Schema, '2020-12', false);

/** Checks a parsed answer; returns the errors for the model ("recommendations/0/decision: ..."), none when it is valid. */
export function answerErrors(value: unknown): string[] {
  const result = validator.validate(value);
  if (result.valid) {
    return [];
  }
  const messages = leaves(result.errors).map((unit) => `${unit.instanceLocation.replace(/^#\/?/, '') || 'answer'}: ${unit.error}`);
  return [...new Set(messages)].slice(0, 8);
}

/** Narrows a value to an answer. */
export function isAnswer(value: unknown): value is Answer {
  return validator.validate(value).valid;
}

/** Units that say what is wrong, without those that only say "a part below is wrong". */
function leaves(units: readonly OutputUnit[]): OutputUnit[] {
  const wrappers = new Set(['properties', 'items']);
  const found = units.filter((unit) => !wrappers.has(unit.keyword));
  return found.length > 0 ? found : [...units];
}
