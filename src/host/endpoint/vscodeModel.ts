import * as vscode from 'vscode';
import type { ChatModel } from '../../core/engine/languageModel/chatModel';
import type { PromptMessage } from '../../core/engine/prompts/buildPrompt';
import { EngineError } from '../../core/engine/types';

const chooseAnother = 'Choose another endpoint in the status bar.';

/** The models that VS Code knows, as "vendor/id". */
export function modelName({ vendor, id }: Pick<vscode.LanguageModelChat, 'vendor' | 'id'>): string { return `${vendor}/${id}`; }

/** Finds a model by "vendor/id", id or family; the first there is when empty. Rejects with EngineError. */
export async function selectModel(wanted: string, select: typeof vscode.lm.selectChatModels = vscode.lm.selectChatModels): Promise<ChatModel> {
  let models: readonly vscode.LanguageModelChat[];
  try { models = await select(); } catch (error) { throw modelFailure(error, wanted || 'VS Code'); }
  const found = wanted === '' ? models[0] : models.find(model => [modelName(model), model.id].includes(wanted)) ?? models.find(({ family }) => family === wanted);
  if (found) { return chatModelOf(found); }
  throw models.length === 0
    ? new EngineError('not-configured', 'VS Code has no language model.', `Install an extension that brings one (such as GitHub Copilot) and sign in there. ${chooseAnother}`)
    : new EngineError('not-found', `VS Code has no language model "${wanted}".`, `It has ${models.slice(0, 6).map(modelName).join(', ')}. ${chooseAnother}`);
}

/** A model of VS Code behind the interface of the core. */
export function chatModelOf(model: vscode.LanguageModelChat): ChatModel {
  return {
    id: modelName(model), name: model.name || model.id, maxPromptTokens: model.maxInputTokens,
    async countTokens(messages, signal) {
      const counts = await withToken(signal, token => Promise.all(messages.map(message => model.countTokens(messageOf(message), token))));
      return counts.reduce((sum, count) => sum + count, 0);
    },
    async send(messages, { maxTokens, temperature }, signal) {
      const linked = linkedToken(signal);
      try {
        const options = { justification: 'Recommend drugs for the case that you chose, with a rationale.', modelOptions: { max_tokens: maxTokens, temperature } };
        // The token stays alive while the answer is written: aborting ends that, too.
        const response = await model.sendRequest(messages.map(messageOf), options, linked.source.token);
        return { text: textOf(response, model.name, linked.end) };
      } catch (error) {
        linked.end();
        throw modelFailure(error, model.name);
      }
    },
  };
}

async function* textOf(response: vscode.LanguageModelChatResponse, name: string, end: () => void): AsyncGenerator<string> {
  try { yield* response.text; } catch (error) { throw modelFailure(error, name); } finally { end(); }
}

function messageOf({ role, content }: PromptMessage): vscode.LanguageModelChatMessage {
  return role === 'assistant' ? vscode.LanguageModelChatMessage.Assistant(content) : vscode.LanguageModelChatMessage.User(content);
}

/** A token that fires with the signal; `end` takes both apart, as one signal serves a whole batch. */
function linkedToken(signal: AbortSignal): { readonly source: vscode.CancellationTokenSource; readonly end: () => void } {
  const source = new vscode.CancellationTokenSource();
  const cancel = (): void => source.cancel();
  if (signal.aborted) { cancel(); } else { signal.addEventListener('abort', cancel, { once: true }); }
  return { source, end: () => { signal.removeEventListener('abort', cancel); source.dispose(); } };
}

async function withToken<T>(signal: AbortSignal, run: (token: vscode.CancellationToken) => Promise<T>): Promise<T> {
  const linked = linkedToken(signal);
  try { return await run(linked.source.token); } finally { linked.end(); }
}

/** What a model's failure means, without its text: that may repeat the prompt. "Too long" is left as it is for the engine to read. */
function modelFailure(error: unknown, name: string): unknown {
  if (EngineError.is(error)) { return error; }
  const code = String((error as { code?: unknown } | undefined)?.code ?? '');
  const text = error instanceof Error ? `${error.name} ${error.message} ${String(error.cause ?? '')}` : '';
  const make = (reason: EngineError['reason'], message: string, advice: string) => new EngineError(reason, message, advice, { cause: new Error(code || 'language model error') });
  if (code === 'NoPermissions') {
    return make('unauthorized', `KEDRec may not use ${name}.`, `Allow it when VS Code asks, or under Accounts > Manage Language Model Access. ${chooseAnother}`);
  }
  if (code === 'NotFound') { return make('not-found', `${name} is no longer there.`, chooseAnother); }
  if (/quota|rate.?limit|too many requests/i.test(`${code} ${text}`)) { return make('rate-limited', `The quota of ${name} is used up.`, `Wait a little and try again. ${chooseAnother}`); }
  if (code === 'Blocked') { return make('rate-limited', `${name} did not take the request (blocked: quota or content filter).`, `Wait a little and try again. ${chooseAnother}`); }
  if (/cancel/i.test(`${code} ${text.slice(0, 40)}`)) { return make('cancelled', 'Cancelled.', 'Nothing was changed.'); }
  return error;
}
