import * as vscode from 'vscode';
import { setContextKey } from './ids';

/**
 * The output channel "KEDRec", with VS Code's log levels. Only ids, counts, sizes, times and error reasons go in:
 * never text of a case, of an answer or a key.
 */
export class Log implements vscode.Disposable {
  private readonly channel = vscode.window.createOutputChannel('KEDRec', { log: true });
  private raw: string | undefined;

  info(message: string): void { this.channel.info(message); }
  debug(message: string): void { this.channel.debug(message); }
  warn(message: string): void { this.channel.warn(message); }
  error(message: string): void { this.channel.error(message); }
  show(): void { this.channel.show(); }

  /** Keeps a model's unusable answer in memory, in case the user asks for it. */
  keepRawAnswer(answer: string | undefined): void {
    this.raw = answer;
    setContextKey('kedrec:hasRawAnswer', answer !== undefined);
  }

  /** On the user's request only: the answer may repeat the case. */
  writeRawAnswer(): boolean {
    if (this.raw === undefined) { return false; }
    this.channel.info(`Raw answer of the model, written on request (${this.raw.length} characters):\n${this.raw}`);
    this.channel.show();
    return true;
  }

  dispose(): void { this.channel.dispose(); }
}

/** Name and code of an error, without its message where that may hold a path or text. */
export function errorLabel(error: unknown): string {
  if (!(error instanceof Error)) { return typeof error; }
  const { code, reason } = error as { code?: unknown; reason?: unknown };
  return [error.name, typeof code === 'string' ? code : undefined, typeof reason === 'string' ? reason : undefined].filter(Boolean).join(' ');
}
