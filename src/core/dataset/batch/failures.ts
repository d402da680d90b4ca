import { EngineError, type EngineErrorReason } from '../../engine/types';
import { CaseFailure } from './caseFailure';

/**
 * What a failed question says about the rest of the batch. `case`: this case alone; `suspect`: this case, unless the next ones fail too;
 * `wait`: the endpoint is busy or gone, no case is to blame; `fatal`: no case can ever be answered.
 */
export type FailureKind = 'case' | 'suspect' | 'wait' | 'fatal';

export interface AskFailure {
  readonly kind: FailureKind;
  readonly reason: string;
  /** For people; no text of the case. */
  readonly message: string;
}

const kinds: Readonly<Record<EngineErrorReason, FailureKind>> = {
  'malformed-answer': 'case', 'incomplete-answer': 'case', 'context-too-long': 'case',
  'timeout': 'suspect', 'server-error': 'suspect', 'bad-request': 'suspect', 'cancelled': 'suspect',
  'unreachable': 'wait', 'rate-limited': 'wait', 'unauthorized': 'wait', 'not-found': 'wait', 'not-an-api': 'wait', 'redirected': 'wait',
  'not-configured': 'fatal',
};

/** Waiting mends these; the others need a person when not even one case was answered. */
export function mayPass(reason: string): boolean { return reason === 'rate-limited'; }

/** Reads the error of a question. */
export function readAskError(error: unknown): AskFailure {
  if (EngineError.is(error)) { return { kind: kinds[error.reason] ?? 'suspect', reason: error.reason, message: `${error.message} ${error.advice}` }; }
  if (error instanceof CaseFailure) { return { kind: 'case', reason: error.reason, message: error.message }; }
  const name = error instanceof Error ? error.name : 'unknown failure';
  // Their messages name a file and what to do; that of any other error could hold text of the case.
  if (error instanceof Error && (name === 'EvidenceIndexError' || name === 'KnowledgeError')) { return { kind: 'fatal', reason: 'internal', message: error.message }; }
  return { kind: 'suspect', reason: 'internal', message: `KEDRec failed on this case (${name}). Please report it with the record's structure, not its text.` };
}

/** Why a file could not be read on or written to, for people. */
export function describeFileError(error: unknown, doing: 'read' | 'written'): string {
  const { code, message, name } = error as NodeJS.ErrnoException;
  if (error instanceof Error && code === undefined && name !== 'TypeError') { return message; }
  const why = { ENOSPC: 'the disk is full', EDQUOT: 'the quota of the disk is used up', EIO: 'the disk reports an error', EROFS: 'the disk is read-only', EACCES: 'it may not be opened', ENOENT: 'it is gone' }[code ?? ''];
  return `The file cannot be ${doing}${why ? ` on: ${why}` : ''} (${code ?? name ?? 'unknown error'}). What was written before is kept; run again with resume when that is mended.`;
}
