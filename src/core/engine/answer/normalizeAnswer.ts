import { isRecord } from './json';

/**
 * Mends what is a matter of spelling in a parsed answer (letter case, `[E1]` for `E1`, one string for a list, 85 or "85%" for 0.85,
 * a bare array, citations written inside the claim) and leaves everything else as it is for the validator.
 */
export function normalizeAnswer(value: unknown): unknown {
  const list = Array.isArray(value) ? value : isRecord(value) && 'drug' in value && !('recommendations' in value) ? [value] : undefined;
  const root = list ? { recommendations: list } : value;
  if (!isRecord(root) || !Array.isArray(root['recommendations'])) {
    return root;
  }
  return { recommendations: root['recommendations'].map(normalizeRecommendation) };
}

/** True for values that could be an answer, so that other JSON in an output is passed over. */
export function looksLikeAnswer(value: unknown): boolean {
  if (Array.isArray(value)) {
    return value.length > 0 && value.every((entry) => isRecord(entry) && 'drug' in entry);
  }
  return isRecord(value) && ('recommendations' in value || 'drug' in value);
}

function normalizeRecommendation(entry: unknown): unknown {
  if (!isRecord(entry)) {
    return entry;
  }
  return compact({
    drug: typeof entry['drug'] === 'string' ? entry['drug'].trim() : entry['drug'],
    decision: kebab(entry['decision']),
    confidence: confidenceOf(entry['confidence']),
    summary: entry['summary'],
    claims: Array.isArray(entry['claims']) ? entry['claims'].map(normalizeClaim) : entry['claims'],
  });
}

function normalizeClaim(claim: unknown): unknown {
  if (!isRecord(claim)) {
    return claim;
  }
  const inline: string[] = [];
  let text = claim['text'];
  if (typeof text === 'string') {
    text = text.replace(/\s*[[(]((?:E\d+)(?:\s*[,;]\s*E\d+)*)[\])]/g, (_all, labels: string) => {
      inline.push(...splitLabels(labels));
      return '';
    }).trim();
  }
  const given = claim['citations'];
  const listed = typeof given === 'string' ? splitLabels(given) : given === null || given === undefined ? [] : given;
  const citations = Array.isArray(listed)
    ? [...new Set([...listed.map((label: unknown) => (typeof label === 'string' ? label.replace(/^[[(\s]+|[\])\s]+$/g, '') : label)), ...inline])]
    : listed;
  return compact({ text, stance: kebab(claim['stance']), citations });
}

function splitLabels(labels: string): string[] {
  return labels.split(/[,;]/).map((label) => label.replace(/[[\]()]/g, '').trim()).filter((label) => label !== '');
}

function kebab(value: unknown): unknown {
  return typeof value === 'string' ? value.trim().toLowerCase().replace(/[\s_]+/g, '-') : value;
}

function confidenceOf(value: unknown): unknown {
  const percent = typeof value === 'string' && value.includes('%');
  const number = typeof value === 'string' && /^\s*\d+(\.\d+)?\s*%?\s*$/.test(value) ? Number.parseFloat(value) : value;
  return typeof number === 'number' && (percent || (number > 1 && number <= 100)) ? number / 100 : number;
}

function compact(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
