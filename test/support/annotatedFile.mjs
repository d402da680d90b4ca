// Synthetic datasets with annotations beside them, for tests and benchmarks. Every case, drug answer and text in them is invented.
import { createHash } from 'node:crypto';

const drugs = ['metformin', 'lisinopril', 'colchicine', 'sertraline', 'salbutamol', 'atorvastatin'];
const at = '2026-01-01T00:00:00.000Z';

/** Anchor of a text at `start`, as `schemas/annotation-event.schema.json` describes it. */
export function anchorOf(text, start, record) {
  let rolling = 0;
  for (let i = 0; i < text.length; i++) { rolling = (Math.imul(rolling, 16777619) + text.charCodeAt(i)) | 0; }
  return { start, length: text.length, sha256: createHash('sha256').update(text, 'utf8').digest('hex'), rolling: rolling >>> 0, ...(record ? { record } : {}) };
}

/** A small synthetic result that follows the schema. `claims`: how many claims with a citation each recommendation has. */
export function resultFor(number, { confidence = 0.8, unsupported = 0, claims = 2, recommendations = 3 } = {}) {
  const one = rank => {
    const drug = drugs[(number + rank) % drugs.length];
    return {
      drug: { id: drug, name: drug }, for: [{ id: 'synthetic-disease', name: 'synthetic disease' }], decision: rank === 0 ? 'recommend' : 'consider',
      confidence: Math.max(0, confidence - rank * 0.1), origin: [{ kind: 'graph', detail: 'synthetic' }], safety: [],
      rationale: {
        summary: `A synthetic summary about ${drug}.`,
        claims: Array.from({ length: claims }, (_, claim) => ({
          text: `Synthetic claim ${claim + 1} about ${drug}.`, stance: 'for', grounding: claim < unsupported ? 'unsupported' : 'supported',
          groundingReasons: claim < unsupported ? ['synthetic reason'] : [],
          citations: [{ documentId: 'SYNTHETIC:1', passageId: 'SYNTHETIC:1#0', title: 'A synthetic document', quote: `A synthetic sentence about ${drug}.`, quoteSpan: { start: 0, end: 10 }, retrieved: true }],
        })),
      },
    };
  };
  return {
    schema: 'kedrec.recommendation/1', engine: 'evidence', case: { diseases: [], drugs: [], allergies: [], textLength: 40 },
    recommendations: Array.from({ length: recommendations }, (_, rank) => one(rank)), warnings: [],
    provenance: { engine: 'evidence', languageModel: false, condition: 'both', knowledgeVersion: 'synthetic', indexes: ['synthetic@1'], kedrecVersion: '0', createdAt: at, durationMs: 1 },
  };
}

export function annotatedEvent(id, anchor, result) { return { event: 'annotated', id, at, anchor, result }; }

/** JSON Lines of `count` synthetic records; each is padded to `length` characters. Returns the text and where each record stands. */
export function dataset(count, length = 0, label = () => undefined) {
  let start = 0;
  const records = Array.from({ length: count }, (_, index) => {
    const base = { id: `s${index}`, text: `Synthetic record ${index}: a person with a synthetic disease.`, ...(label(index) ? { label: label(index) } : {}) };
    const short = JSON.stringify(base);
    const filler = 'synthetic '.repeat(Math.ceil(Math.max(0, length - short.length) / 10)).slice(0, Math.max(0, length - short.length));
    const text = filler === '' ? short : JSON.stringify({ ...base, text: `${base.text} ${filler}`.slice(0, base.text.length + filler.length) });
    const record = { text, start, index, id: base.id };
    start += text.length + 1;
    return record;
  });
  return { text: `${records.map(record => record.text).join('\n')}\n`, records };
}

/** The sidecar's text for annotations of records. */
export function sidecarText(records, options = () => ({})) {
  return records.map(({ text, start, index, id }) => `${JSON.stringify(annotatedEvent(`synthetic-${index}`, anchorOf(text, start, { index, id }), resultFor(index, options(index))))}\n`).join('');
}
