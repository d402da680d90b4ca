import type { JsonSchema } from './answerSchema';
import { isRecord } from './json';

const literal = (text: string): string => `"${text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n')}"`;
const json = (value: unknown): string => literal(JSON.stringify(value));

/** Rules that every grammar ends with. White space is bounded, so that no model can run away in it. */
const basics = [
  'space ::= [ \\n]{0,4}',
  'string ::= "\\"" char* "\\""',
  'char ::= [^"\\\\\\x00-\\x1f] | "\\\\" (["\\\\/bfnrt] | "u" [0-9a-fA-F]{4})',
  // The only number of an answer is a confidence, which `wireSchema` leaves unbounded for strict servers.
  'number ::= "0" ("." [0-9]{1,4})? | "1" (".0")?',
  'boolean ::= "true" | "false"',
];

/**
 * A llama.cpp grammar (GBNF) for a schema of the kind that `wireSchema` makes: objects whose properties come in order, strings, enums, numbers,
 * booleans, and arrays with bounds or places. Throws RangeError on any other keyword: what it cannot hold the model to it must not seem to.
 */
export function answerGrammar(schema: JsonSchema): string {
  return [`root ::= ${expression(schema)}`, ...basics, ''].join('\n');
}

function expression(schema: unknown): string {
  if (!isRecord(schema)) {
    throw new RangeError('not a schema');
  }
  if (Array.isArray(schema['enum'])) {
    return `(${schema['enum'].map(json).join(' | ')})`;
  }
  switch (schema['type']) {
    case 'string': return 'string';
    case 'number': return 'number';
    case 'boolean': return 'boolean';
    case 'object': return object(schema);
    case 'array': return array(schema);
    default: throw new RangeError(`no grammar for a schema of type ${String(schema['type'])}`);
  }
}

function object(schema: Record<string, unknown>): string {
  const properties = Object.entries(isRecord(schema['properties']) ? schema['properties'] : {});
  const members = properties.map(([name, value]) => `${json(name)} space ":" space ${expression(value)} space`);
  return `("{" space ${members.join(' "," space ')} "}")`;
}

function array(schema: Record<string, unknown>): string {
  if (Array.isArray(schema['prefixItems'])) {
    return `("[" space ${schema['prefixItems'].map((item) => `${expression(item)} space`).join(' "," space ')} "]")`;
  }
  const item = `${expression(schema['items'])} space`;
  const min = typeof schema['minItems'] === 'number' ? schema['minItems'] : 0;
  const max = typeof schema['maxItems'] === 'number' ? schema['maxItems'] : undefined;
  if (max === 0) {
    return '("[" space "]")';
  }
  const more = `("," space ${item}){${Math.max(0, min - 1)},${max === undefined ? '' : max - 1}}`;
  return min > 0 ? `("[" space ${item} ${more} "]")` : `("[" space (${item} ${more})? "]")`;
}
