import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AnnotatedEvent, AnnotationEvent, FailedEvent, ReviewVerdict } from '../../../src/core/dataset/annotationTypes';
import { encodeEvents } from '../../../src/core/dataset/sidecar';
import { SidecarIndex } from '../../../src/core/dataset/sidecarIndex';
import type { AnnotationSummary } from '../../../src/core/dataset/summary';
import type { Decision, Grounding, Recommendation } from '../../../src/core/engine/types';

let clock = Date.parse('2026-01-01T00:00:00.000Z');
export const tick = () => new Date(clock += 1000).toISOString();

export const hashOf = (index: number) => index.toString(16).padStart(64, '0');

export function drug(id: string, decision: Decision = 'recommend', { confidence = 0.8, grounding = 'supported', given = false }: { confidence?: number; grounding?: Grounding; given?: boolean } = {}): Recommendation {
  return {
    drug: { id, name: id[0]!.toUpperCase() + id.slice(1) }, decision, confidence, safety: [],
    origin: [{ kind: given ? 'record' : 'graph', detail: 'synthetic' }],
    rationale: { summary: 'Synthetic.', claims: [{ text: 'Synthetic claim.', stance: 'for', citations: [], grounding, groundingReasons: [] }] },
  };
}

export function annotated(index: number, recommendations: readonly Recommendation[] = [drug('metformin')], id = `a${index}`): AnnotatedEvent {
  const at = tick();
  return {
    event: 'annotated', id, at, anchor: { start: index * 100, length: 50, sha256: hashOf(index), rolling: index, record: { index, id: `P-${index}` } },
    result: {
      schema: 'kedrec.recommendation/1', engine: 'evidence', case: { diseases: [], drugs: [], allergies: [], textLength: 50 }, recommendations, warnings: [],
      ...(recommendations.length === 0 ? { nothing: { code: 'no-disease', reason: 'No disease was found in the case.', advice: 'Name it.' } } : {}),
      provenance: { engine: 'evidence', languageModel: false, condition: 'both', knowledgeVersion: 'k', indexes: [], kedrecVersion: '0', createdAt: at, durationMs: 1 },
    },
  };
}

export function failed(index: number): FailedEvent {
  return { event: 'failed', id: `f${index}`, at: tick(), anchor: { start: index * 100, length: 50, sha256: hashOf(index), rolling: index, record: { index } }, reason: 'timeout', message: 'The server did not answer in time.' };
}

export function review(index: number | string, reviewer: string, verdict: ReviewVerdict, more: { drug?: string; role?: 'adjudicator' } = {}): AnnotationEvent {
  return { event: 'reviewed', id: typeof index === 'number' ? `a${index}` : index, at: tick(), reviewer, drug: more.drug ?? 'metformin', verdict, ...(more.role ? { role: more.role } : {}) };
}

/** The events as a file in a fresh folder. */
export function sidecarOf(events: readonly AnnotationEvent[], text = encodeEvents(events)): string {
  const file = join(mkdtempSync(join(tmpdir(), 'kedrec-agreement-')), 'records.jsonl.kedrec.jsonl');
  writeFileSync(file, text);
  return file;
}

export function summariesOf(events: readonly AnnotationEvent[]): readonly AnnotationSummary[] {
  const index = new SidecarIndex();
  for (const event of events) { index.add(event); }
  return index.summaries();
}
