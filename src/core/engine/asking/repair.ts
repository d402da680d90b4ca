import type { ReadAnswer } from '../answer/readAnswer';
import { separateReasoning } from '../answer/reasoning';
import type { Prompt, PromptMessage } from '../prompts/buildPrompt';
import type { ChatOutput } from './chat';

/** More of a wrong answer than this helps no model. */
const shownWrong = 6000;

/** The answer part of an output. Some servers put the whole answer into the reasoning field. */
export function answerText(output: ChatOutput): string {
  const { answer, reasoning } = separateReasoning(output.content);
  return answer.trim() !== '' ? answer : output.reasoning.trim() !== '' ? output.reasoning : reasoning;
}

/** The conversation that asks for a better answer, with what was wrong. */
export function repairMessages(prompt: Prompt, output: ChatOutput, read: ReadAnswer): PromptMessage[] {
  const names = prompt.candidates.map((candidate) => candidate.drug.name).join(', ');
  const problems = [
    ...read.errors,
    ...read.strangers.slice(0, 5).map((name) => `"${name.slice(0, 60)}" is not a candidate`),
    ...(output.ranAway ? ['the answer ended in white space'] : []),
  ];
  const wrong = answerText(output).trim().slice(0, shownWrong);
  const order = `That answer cannot be used:\n${problems.map((problem) => `- ${problem}`).join('\n')}\n`
    + `Answer again: one JSON object of the shape given above and nothing else, with exactly one entry for each of: ${names}.`;
  return [...prompt.messages, { role: 'assistant', content: wrong === '' ? '(empty)' : wrong }, { role: 'user', content: order }];
}
