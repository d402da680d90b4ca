import type { PromptMessage } from '../prompts/buildPrompt';

/** A language model of the editor, without the editor: `vscode.lm` in the extension, an object in tests. */
export interface ChatModel {
  readonly id: string;
  readonly name: string;
  /** Tokens that a prompt may have; 0 when not known. */
  readonly maxPromptTokens: number;
  countTokens(messages: readonly PromptMessage[], signal: AbortSignal): Promise<number>;
  /** Sends the messages, all of them in the roles "user" and "assistant". Rejects with EngineError; aborting `signal` ends the answer. */
  send(messages: readonly PromptMessage[], options: { readonly maxTokens: number; readonly temperature: number }, signal: AbortSignal): Promise<ChatModelReply>;
}

/** An answer as it is written. */
export interface ChatModelReply {
  /** Pieces of text in order; rejects like `send`. */
  readonly text: AsyncIterable<string>;
}
