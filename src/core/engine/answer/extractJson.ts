import { parse, type ParseError } from 'jsonc-parser';

/** JSON found in a model's output: `complete` when its last bracket closed and it parsed without errors. */
export interface ExtractedJson {
  readonly value: unknown;
  readonly complete: boolean;
}

/**
 * Finds the answer in an output that may wrap it in prose or code fences. Of several JSON values the first that `accepts` likes is taken.
 * A value that is cut off is parsed as far as it goes, with `complete: false`.
 */
export function extractJson(output: string, accepts: (value: unknown) => boolean = () => true): ExtractedJson | undefined {
  let partial: ExtractedJson | undefined;
  let from = 0;
  // Bounded, so that an output made of brackets cannot take quadratic time.
  for (let attempts = 0; attempts < 20; attempts++) {
    const start = nextBracket(output, from);
    if (start < 0) {
      break;
    }
    const { end, deepest } = closingBracket(output, start);
    if (deepest > maxDepth) {
      from = start + 1;
      continue;
    }
    const errors: ParseError[] = [];
    const value: unknown = parse(output.slice(start, end ?? output.length), errors, { allowTrailingComma: true });
    if (accepts(value)) {
      if (end !== undefined && errors.length === 0) {
        return { value, complete: true };
      }
      partial ??= { value, complete: false };
      if (end === undefined) {
        // What is cut off must not be mistaken for one of its own parts.
        break;
      }
    }
    from = end ?? start + 1;
  }
  return partial;
}

/** Deeper than any answer; the parser is recursive. */
const maxDepth = 32;

function nextBracket(text: string, from: number): number {
  const object = text.indexOf('{', from);
  const array = text.indexOf('[', from);
  return object < 0 ? array : array < 0 ? object : Math.min(object, array);
}

/** Where the bracket at `start` is closed (`end` is the index after it, undefined when the text ends before), and how deep it nests. */
function closingBracket(text: string, start: number): { end: number | undefined; deepest: number } {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let i = start; i < text.length; i++) {
    const char = text[i];
    if (inString) {
      if (char === '\\') {
        i++;
      } else if (char === '"') {
        inString = false;
      }
    } else if (char === '"') {
      inString = true;
    } else if (char === '{' || char === '[') {
      deepest = Math.max(deepest, ++depth);
    } else if ((char === '}' || char === ']') && --depth === 0) {
      return { end: i + 1, deepest };
    }
  }
  return { end: undefined, deepest };
}
