import { createHash } from 'node:crypto';
import type { AnswerFormat } from '../../engine/endpoint/requestProfile';
import type { PromptMessage } from '../../engine/prompts/buildPrompt';
import type { BackgroundCondition, BackgroundPassage } from '../../engine/types';
import type { EvidenceDocument, EvidenceStore } from '../../evidence/types';
import type { Nothing, Retrieved } from '../../recommend/prepare';
import type { RecordMapping } from '../recordTypes';
import { CaseFailure } from './caseFailure';

/** First line of a manifest: what must be the same when the answers come back. */
export interface ManifestHead {
  readonly schema: 'kedrec.batch/1';
  /** The dataset, as an absolute path. */
  readonly file: string;
  readonly mapping?: RecordMapping;
  readonly condition: BackgroundCondition;
  readonly maxCandidates: number;
  readonly passagesPerCandidate: number;
  readonly model: string;
  readonly answerFormat: AnswerFormat;
  readonly maxTokens?: number;
  readonly contextTokens?: number;
  readonly kedrecVersion: string;
  readonly knowledgeVersion: string;
  /** `name@version` of each index. */
  readonly indexes: readonly string[];
  /** The cases were de-identified before they were written. */
  readonly deidentified?: boolean;
}

/** A passage of the background without its text, which stands in the index. */
export type StoredPassage = Omit<BackgroundPassage, 'passage' | 'header'> & { readonly passageId: string; readonly documentId: string };

/** One case of a manifest: what was retrieved for it, or why nothing is asked. No text of the case. */
export type ManifestEntry =
  | { readonly case: string; readonly nothing: Nothing }
  | { readonly case: string; readonly custom_id: string; /** SHA-256 of the messages. */ readonly prompt: string; readonly found: Retrieved['found']; readonly passages: readonly StoredPassage[]; readonly omitted: number };

/** What an entry about a question holds. */
export type ManifestQuestion = Extract<ManifestEntry, { readonly custom_id: string }>;

/** The manifest of a file of requests stands beside it. */
export function manifestName(requests: string): string { return `${requests}.manifest.jsonl`; }

/** Id of a case's request in one export: at most 64 characters. `salt` keeps others from telling by it whether a text they know was asked about. */
export function requestId(caseHash: string, salt: string): string { return `kedrec-${createHash('sha256').update(`${salt} ${caseHash}`).digest('hex').slice(0, 40)}`; }

/** SHA-256, hex, of what a model is told. */
export function promptHash(messages: readonly PromptMessage[]): string { return createHash('sha256').update(JSON.stringify(messages)).digest('hex'); }

/** The entry of a question. */
export function storeRetrieved(caseHash: string, customId: string, prompt: string, { found, background }: Retrieved): ManifestQuestion {
  const passages = background.passages.map(({ passage, header, ...rest }): StoredPassage => ({ ...rest, passageId: passage.id, documentId: header.id }));
  return { case: caseHash, custom_id: customId, prompt, found, passages, omitted: background.omitted };
}

const mostDocuments = 5000;

/** Puts the texts of passages back in, from the index they came from. */
export class PassageShelf {
  private readonly documents = new Map<string, EvidenceDocument | undefined>();

  constructor(private readonly evidence: EvidenceStore) {}

  /** Rejects with CaseFailure when the index no longer holds a passage. */
  async restore({ found, passages, omitted }: ManifestQuestion, { condition, indexes }: ManifestHead): Promise<Retrieved> {
    const restored: BackgroundPassage[] = [];
    for (const { passageId, documentId, ...rest } of passages) {
      const document = await this.document(documentId);
      const passage = document?.passages.find(({ id }) => id === passageId);
      if (!document || !passage) { throw new CaseFailure('changed-evidence', `The index no longer holds ${passageId}, which the answer may cite. Use the index that the requests were made with.`); }
      const { passages: _, ...header } = document;
      restored.push({ ...rest, passage, header });
    }
    return { found, background: { condition, passages: restored, omitted }, indexes };
  }

  private async document(id: string): Promise<EvidenceDocument | undefined> {
    if (!this.documents.has(id)) {
      this.documents.set(id, await this.evidence.document(id));
      if (this.documents.size > mostDocuments) { this.documents.delete(this.documents.keys().next().value!); }
    }
    return this.documents.get(id);
  }
}
