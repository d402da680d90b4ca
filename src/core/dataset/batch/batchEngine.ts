import type { AskOptions } from '../../engine/asking/prepare';
import { prepare, questionOf } from '../../engine/asking/prepare';
import type { AskedModel, ChatAsker, ChatOutput } from '../../engine/asking/chat';
import { RecommendRun } from '../../engine/asking/recommendRun';
import { requestBody } from '../../engine/endpoint/requestBody';
import type { AnswerFormat } from '../../engine/endpoint/requestProfile';
import { EngineError, type Engine } from '../../engine/types';
import { CaseFailure } from './caseFailure';
import { promptHash } from './manifest';

/** A request as a batch file holds it. */
export interface WrittenRequest {
  /** SHA-256 of the messages. */
  readonly prompt: string;
  /** Of a chat completion that is not streamed. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** An engine that asks nobody: it writes the request out as an endpoint would get it, and leaves every candidate undecided. */
export function writingEngine(model: AskedModel, options: AskOptions, format: AnswerFormat, write: (request: WrittenRequest) => void): Engine {
  return {
    id: 'endpoint',
    recommend: async request => {
      const asked = await prepare(request, model, options);
      const { stream: _, ...body } = requestBody(questionOf(asked, model, options), { format, streamUsage: false, tokensField: 'max_completion_tokens', temperature: true, systemRole: true });
      write({ prompt: promptHash(asked.prompt.messages), body: { ...body } });
      return { drafts: [], warnings: [] };
    },
  };
}

/** An engine that answers with what a batch answered: read, checked and matched exactly as an answer of an endpoint. */
export function recordedEngine(model: AskedModel, options: AskOptions, output: ChatOutput, prompt: string): Engine {
  let asked = false;
  const asker: ChatAsker = {
    ask: question => {
      // The second question asks for a repair, which a batch cannot give: an empty answer ends it.
      if (asked) { return Promise.resolve({ ...output, content: '', reasoning: '', finish: 'stop' }); }
      asked = true;
      if (promptHash(question.messages) !== prompt) { return Promise.reject(new CaseFailure('changed-prompt', 'The request would be another one today: KEDRec, its prompt or its knowledge has changed since the export. Export again.')); }
      return Promise.resolve(output);
    },
    askMoreSimply: () => undefined,
  };
  return {
    id: 'endpoint',
    recommend: async (request, report, signal) => {
      try { return await new RecommendRun(asker, model, options, report, signal).answer(request); } catch (error) {
        if (EngineError.is(error, 'malformed-answer')) { throw new CaseFailure('malformed-answer', 'The answer is not the JSON that was asked for. Ask again with kedrec annotate --resume --retry-failed, which asks the model to repair it.'); }
        throw error;
      }
    },
  };
}
