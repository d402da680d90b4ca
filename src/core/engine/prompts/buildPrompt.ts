import type { CaseConcept } from '../../terminology/types';
import type { BackgroundPassage, Candidate, EngineRequest } from '../types';
import { escapeAttribute, escapeData } from './escapeData';
import { recommendV1 } from './recommendV1';
import { hash32, seededShuffle } from './shuffle';
import { fillTemplate, type PromptTemplate } from './template';

/** A message as chat servers take it. */
export interface PromptMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** A request written out, exactly as it is sent. */
export interface Prompt {
  readonly messages: readonly PromptMessage[];
  readonly promptVersion: string;
  /** Seed of the candidates' order. */
  readonly seed: number;
  /** Candidates as listed. */
  readonly candidates: readonly Candidate[];
}

/** What may differ between two prompts for one request. */
export interface PromptOptions {
  /** Depends on the candidates alone when absent, so that the same request gives the same prompt. */
  readonly seed?: number;
  readonly template?: PromptTemplate;
}

/** Writes a request out. Background is written as it is: fit it first with `fitBackground`. */
export function buildPrompt(request: EngineRequest, options: PromptOptions = {}): Prompt {
  const template = options.template ?? recommendV1;
  const seed = options.seed ?? candidateSeed(request.candidates);
  const byId = [...request.candidates].sort((a, b) => (a.drug.id < b.drug.id ? -1 : a.drug.id > b.drug.id ? 1 : 0));
  const candidates = seededShuffle(byId, seed);
  const user = fillTemplate(template.user, {
    caseText: escapeData(request.caseText.trim()),
    diseases: concepts(request.reading.diseases),
    drugs: concepts(request.reading.drugs),
    allergies: concepts(request.reading.allergies),
    candidates: candidates.map(candidateLines).join('\n'),
    evidence: request.background.passages.length > 0 ? request.background.passages.map(passageLines).join('\n') : 'None was given.',
    candidateCount: String(candidates.length),
  });
  return { messages: [{ role: 'system', content: template.system }, { role: 'user', content: user }], promptVersion: template.version, seed, candidates };
}

function candidateSeed(candidates: readonly Candidate[]): number {
  return hash32(candidates.map((candidate) => candidate.drug.id).sort().join('\n'));
}

function concepts(found: readonly CaseConcept[]): string {
  if (found.length === 0) {
    return 'none found';
  }
  return found.map((concept) => `${escapeAttribute(concept.name)}${concept.assertion === 'allergy' ? '' : ` (${concept.assertion})`}`).join('; ');
}

function candidateLines(candidate: Candidate): string {
  const origins = candidate.origins.map((origin) => escapeAttribute(origin.detail)).join('; ');
  const safety = candidate.safety.map((flag) => `${flag.level.toUpperCase()}: ${escapeAttribute(flag.reason)}`);
  return [
    `- ${escapeAttribute(candidate.drug.name)}`,
    ...(origins ? [`  named because: ${origins}`] : []),
    ...safety.map((flag) => `  safety flag, ${flag}`),
  ].join('\n');
}

function passageLines(item: BackgroundPassage): string {
  const { header, passage } = item;
  const attributes: (readonly [string, string | undefined])[] = [
    ['label', item.label],
    ['document', header.id],
    ['source', header.source],
    ['year', header.year?.toString()],
    ['design', header.design],
    ['title', header.title],
    ['section', passage.section],
    ['notice', header.notice],
  ];
  const written = attributes.flatMap(([name, value]) => (value ? [`${name}="${escapeAttribute(value)}"`] : []));
  return `<passage ${written.join(' ')}>\n${escapeData(passage.text.trim())}\n</passage>`;
}
