import type { LeftOutBackground } from '../types';
import type { Prompt } from './buildPrompt';

/** A request as it would be sent. It holds the case: show it to the user alone. */
export interface PromptPreview {
  readonly prompt: Prompt;
  /** Where it goes. */
  readonly address: string;
  /** The whole body: messages, parameters, schema. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly leftOut?: LeftOutBackground;
}
