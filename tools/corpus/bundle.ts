import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildEvidenceIndex } from '../../src/core/evidence/build';
import { contentVersion } from './version';
import { loadCorpus } from './load';
import { formatProblem } from './problems';

/** What a bundle holds, for the build's output. */
export interface Summary {
  readonly diseases: number;
  readonly classes: number;
  readonly drugs: number;
  readonly indications: number;
  readonly evidence: number;
  readonly knowledgeVersion: string;
  readonly evidenceVersion: string;
  readonly knowledgeBytes: number;
  readonly evidenceBytes: number;
  readonly warnings: number;
}

/** The corpus cannot be built; `message` lists every error with its place. */
export class CorpusError extends Error {
  override readonly name = 'CorpusError';
}

/**
 * Validates the corpus and writes `knowledge.json` and `evidence.kdx` into `outDir` (made if missing).
 * Same corpus, same bytes. Rejects with CorpusError when the corpus has errors; nothing is written then.
 */
export async function buildBundle(corpusDir: string, outDir: string): Promise<Summary> {
  const { knowledge, evidence, problems } = loadCorpus(corpusDir);
  const errors = problems.filter(({ level }) => level === 'error');
  if (errors.length > 0) throw new CorpusError(`The corpus has ${errors.length} error(s):\n${errors.map(formatProblem).join('\n')}`);
  if (knowledge.diseases.length === 0 || knowledge.drugs.length === 0 || evidence.length === 0) throw new CorpusError(`The corpus at ${corpusDir} is empty or incomplete.`);
  const evidenceVersion = contentVersion(evidence);
  const index = await buildEvidenceIndex(evidence, { name: 'bundled', version: evidenceVersion });
  const json = JSON.stringify(knowledge);
  await mkdir(outDir, { recursive: true });
  await writeFile(join(outDir, 'knowledge.json'), json);
  await writeFile(join(outDir, 'evidence.kdx'), index);
  return {
    diseases: knowledge.diseases.length, classes: knowledge.classes.length, drugs: knowledge.drugs.length,
    indications: knowledge.drugs.reduce((sum, drug) => sum + drug.indications.length, 0), evidence: evidence.length,
    knowledgeVersion: knowledge.version, evidenceVersion, knowledgeBytes: Buffer.byteLength(json), evidenceBytes: index.byteLength,
    warnings: problems.length - errors.length,
  };
}

/** One line for the build's output. */
export function formatSummary(summary: Summary): string {
  return `bundle: ${summary.drugs} drugs, ${summary.diseases} diseases and conditions, ${summary.classes} classes, ${summary.indications} indications ` +
    `(knowledge ${summary.knowledgeVersion}, ${Math.ceil(summary.knowledgeBytes / 1024)} KiB); ${summary.evidence} evidence entries ` +
    `(index ${summary.evidenceVersion}, ${Math.ceil(summary.evidenceBytes / 1024)} KiB); ${summary.warnings} warning(s)`;
}
