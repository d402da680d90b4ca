import type { Decision, Grounding } from '../engine/types';
import type { ReviewVerdict } from './annotationTypes';

const decisions: Readonly<Record<Decision, true>> = { recommend: true, consider: true, avoid: true, 'insufficient-evidence': true };
const groundings: Readonly<Record<Grounding, true>> = { supported: true, weak: true, unsupported: true, uncited: true };
const verdicts: Readonly<Record<ReviewVerdict, true>> = { accepted: true, edited: true, rejected: true, skipped: true };

/**
 * The cheap check of a sidecar line: what its summary is made of has the right shape. The whole schema is checked when the result is read.
 * Undefined when the line can be used.
 */
export function shapeProblem(value: unknown): { readonly field?: string; readonly message: string } | undefined {
  const field = wrongField(value);
  return field === undefined ? undefined : { ...(field ? { field } : {}), message: 'does not follow the annotation schema; the line was skipped' };
}

/** Path of the first field that is wrong; empty for the line itself. */
function wrongField(value: unknown): string | undefined {
  if (!isObject(value)) { return ''; }
  for (const name of ['id', 'at'] as const) { if (!isName(value[name])) { return name; } }
  switch (value.event) {
    case 'annotated': return wrongAnchor(value.anchor) ?? wrongResult(value.result);
    case 'moved': return wrongAnchor(value.anchor);
    case 'failed': return wrongAnchor(value.anchor) ?? (typeof value.reason !== 'string' ? 'reason' : typeof value.message !== 'string' ? 'message' : undefined);
    case 'removed': return undefined;
    case 'review-undone': return wrongReviewer(value);
    case 'reviewed': return wrongReviewer(value) ?? (isKey(verdicts, value.verdict) ? undefined : 'verdict');
    default: return 'event';
  }
}

function wrongReviewer(value: Record<string, unknown>): string | undefined { return !isName(value.reviewer) ? 'reviewer' : !isName(value.drug) ? 'drug' : undefined; }

function wrongAnchor(anchor: unknown): string | undefined {
  if (!isObject(anchor)) { return 'anchor'; }
  for (const [name, least] of [['start', 0], ['length', 1], ['rolling', 0]] as const) { if (!Number.isInteger(anchor[name]) || (anchor[name] as number) < least) { return `anchor/${name}`; } }
  if (typeof anchor.sha256 !== 'string' || anchor.sha256.length !== 64) { return 'anchor/sha256'; }
  return anchor.record === undefined || (isObject(anchor.record) && Number.isInteger(anchor.record.index)) ? undefined : 'anchor/record';
}

function wrongResult(result: unknown): string | undefined {
  if (!isObject(result)) { return 'result'; }
  if (!isObject(result.provenance)) { return 'result/provenance'; }
  if (!isObject(result.case) || !Array.isArray(result.case.diseases)) { return 'result/case'; }
  if (result.case.diseases.some(disease => !isObject(disease) || typeof disease.name !== 'string')) { return 'result/case/diseases'; }
  if (!Array.isArray(result.recommendations)) { return 'result/recommendations'; }
  for (const [index, recommendation] of result.recommendations.entries()) {
    const field = wrongRecommendation(recommendation);
    if (field !== undefined) { return `result/recommendations/${index}${field}`; }
  }
  return result.nothing === undefined || (isObject(result.nothing) && typeof result.nothing.code === 'string') ? undefined : 'result/nothing';
}

function wrongRecommendation(value: unknown): string | undefined {
  if (!isObject(value)) { return ''; }
  if (!isObject(value.drug) || !isName(value.drug.id) || typeof value.drug.name !== 'string') { return '/drug'; }
  if (!isKey(decisions, value.decision)) { return '/decision'; }
  if (typeof value.confidence !== 'number') { return '/confidence'; }
  if (value.for !== undefined && (!Array.isArray(value.for) || value.for.some(disease => !isObject(disease) || typeof disease.name !== 'string'))) { return '/for'; }
  if (!isObject(value.rationale) || !Array.isArray(value.rationale.claims)) { return '/rationale'; }
  return value.rationale.claims.some(claim => !isObject(claim) || !isKey(groundings, claim.grounding)) ? '/rationale/claims' : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> { return typeof value === 'object' && value !== null && !Array.isArray(value); }
function isName(value: unknown): value is string { return typeof value === 'string' && value !== ''; }
function isKey(keys: object, value: unknown): boolean { return typeof value === 'string' && Object.hasOwn(keys, value); }
