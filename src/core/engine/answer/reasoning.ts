/** A model's output with its thinking taken apart from its answer. */
export interface SeparatedOutput {
  readonly answer: string;
  readonly reasoning: string;
}

const blocks = /<(think|thinking|reasoning)>([\s\S]*?)(?:<\/\1>|$)/gi;
const lonelyEnd = /<\/(?:think|thinking|reasoning)>/gi;

/** Takes `<think>` parts out of an output, also one still open and one whose start the chat template swallowed. */
export function separateReasoning(output: string): SeparatedOutput {
  const reasoning: string[] = [];
  let answer = output.replace(blocks, (_all, _tag, inner: string) => {
    reasoning.push(inner);
    return '';
  });
  const ends = [...answer.matchAll(lonelyEnd)];
  const last = ends[ends.length - 1];
  if (last) {
    reasoning.unshift(answer.slice(0, last.index));
    answer = answer.slice(last.index + last[0].length);
  }
  return { answer: withoutOpeningTagStart(answer), reasoning: reasoning.join('\n').trim() };
}

/** While streaming, "<thi" may be the start of a tag: it is not yet answer. */
function withoutOpeningTagStart(text: string): string {
  return text.replace(/<(?:t(?:h(?:i(?:n(?:k(?:i(?:n(?:g)?)?)?)?)?)?)?|r(?:e(?:a(?:s(?:o(?:n(?:i(?:n(?:g)?)?)?)?)?)?)?)?)?$/i, '');
}
