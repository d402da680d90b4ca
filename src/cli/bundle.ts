import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { EvidenceIndexError } from '../core/evidence/errors';
import { openEvidenceStore } from '../core/evidence/store';
import type { EvidenceStore } from '../core/evidence/types';
import { KnowledgeError } from '../core/knowledge/errors';
import { openKnowledge, type KnowledgeBase } from '../core/recommend/knowledgeBase';
import { UsageError } from './errors';

/** The bundle stands beside the program's own file. */
const directory = join(__dirname, 'bundle');
/** Made by a release with network (npm run corpus:fetch). */
const fetched = join(directory, 'fetched.kdx');

export async function bundledKnowledge(): Promise<KnowledgeBase> {
  const file = join(directory, 'knowledge.json');
  try { return openKnowledge(await readFile(file)); } catch (error) {
    if (error instanceof KnowledgeError) { throw new UsageError(`${file}: ${error.message}`, { cause: error }); }
    throw new UsageError(`${file} cannot be read. Run npm run build, or reinstall.`, { cause: error });
  }
}

/** The bundled index, and others ranked as one with it. */
export function bundledEvidence(more: readonly string[] = []): EvidenceStore {
  return openEvidenceStore([{ name: 'bundled', path: join(directory, 'evidence.kdx') }, ...(existsSync(fetched) ? [{ name: 'bundled, fetched', path: fetched }] : []), ...more.map(path => ({ name: basename(path), path }))]);
}

/** An unusable index is bad input: its message already names the file and says what to do. */
export function asUsageError(error: unknown): unknown {
  return error instanceof EvidenceIndexError ? new UsageError(error.message, { cause: error }) : error;
}
