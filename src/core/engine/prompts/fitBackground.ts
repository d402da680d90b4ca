import type { Background, BackgroundPassage, EngineRequest } from '../types';
import { buildPrompt, type PromptMessage, type PromptOptions } from './buildPrompt';

/** A rough count that errs on the high side for English clinical text: four characters a token, and a few a message. */
export function estimateTokens(messages: readonly PromptMessage[]): number {
  return messages.reduce((sum, message) => sum + Math.ceil(message.content.length / 4) + 8, 0);
}

/**
 * Leaves passages out until the prompt fits `maxPromptTokens`, the same number for every candidate, the weakest first and only whole ones, so that
 * volume does not favour a drug. Labels stay. With no passage left the request is returned even if it is still too long.
 */
export function fitBackground(request: EngineRequest, maxPromptTokens: number, options: PromptOptions = {}): EngineRequest {
  const all = request.background.passages;
  const fits = (passages: readonly BackgroundPassage[]): boolean =>
    estimateTokens(buildPrompt({ ...request, background: { ...request.background, passages } }, options).messages) <= maxPromptTokens;
  if (fits(all)) {
    return request;
  }
  const groups = passagesByCandidate(request);
  let perCandidate = Math.max(0, ...groups.map((group) => group.length));
  let kept = select(all, groups, perCandidate);
  while (perCandidate > 0 && !fits(kept)) {
    perCandidate--;
    kept = select(all, groups, perCandidate);
  }
  return { ...request, background: withPassages(request.background, kept) };
}

/** One group per candidate and one for passages about none of them, each best first. */
function passagesByCandidate(request: EngineRequest): BackgroundPassage[][] {
  const byScore = [...request.background.passages].sort((a, b) => b.score - a.score);
  const ids = new Set(request.candidates.map((candidate) => candidate.drug.id));
  const groups = [...ids].map((id) => byScore.filter((item) => item.drugIds.includes(id)));
  return [...groups, byScore.filter((item) => !item.drugIds.some((id) => ids.has(id)))];
}

function select(all: readonly BackgroundPassage[], groups: readonly BackgroundPassage[][], perCandidate: number): BackgroundPassage[] {
  const kept = new Set(groups.flatMap((group) => group.slice(0, perCandidate)));
  return all.filter((item) => kept.has(item));
}

function withPassages(background: Background, passages: readonly BackgroundPassage[]): Background {
  return { ...background, passages, omitted: background.omitted + background.passages.length - passages.length };
}
