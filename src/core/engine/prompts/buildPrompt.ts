import { createHash } from 'node:crypto';
import type { CaseConcept } from '../../terminology/types';
import type { BackgroundPassage, Candidate, EngineRequest } from '../types';
import { builtInTemplate } from './builtIn';
import { escapeAttribute, escapeData } from './escapeData';
import { withoutInstructions } from './instructions';
import { hash32, seededShuffle } from './shuffle';
import { fillTemplate, isMarked, type PromptTemplate } from './template';

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
  /** Sentences of the case and of the passages that spoke to the model and were kept out. */
  readonly keptOut: { readonly ofCase: number; readonly ofEvidence: number };
}

/** What may differ between two prompts for one request. */
export interface PromptOptions {
  /** Depends on the candidates alone when absent, so that the same request gives the same prompt. */
  readonly seed?: number;
  readonly template?: PromptTemplate;
}

/** Writes a request out. Background is written as it is: fit it first with `fitBackground`. */
export function buildPrompt(request: EngineRequest, options: PromptOptions = {}): Prompt {
  const template = options.template ?? builtInTemplate();
  const seed = options.seed ?? candidateSeed(request.candidates);
  const byId = [...request.candidates].sort((a, b) => (a.drug.id < b.drug.id ? -1 : a.drug.id > b.drug.id ? 1 : 0));
  const candidates = seededShuffle(byId, seed);
  const mark = markOf(request, seed);
  const attribute = isMarked(template) ? mark : undefined;
  const caseText = withoutInstructions(request.caseText.trim());
  const passages = request.background.passages.map((item) => ({ item, ...withoutInstructions(item.passage.text.trim()) }));
  const user = fillTemplate(template.user, {
    caseText: escapeData(caseText.text),
    diseases: concepts(request.reading.diseases),
    drugs: concepts(request.reading.drugs),
    allergies: concepts(request.reading.allergies),
    candidates: candidates.map(candidateLines).join('\n'),
    evidence: passages.length > 0 ? passages.map(({ item, text }) => passageLines(item, text, attribute)).join('\n') : 'None was given.',
    candidateCount: String(candidates.length),
    mark,
  });
  const system = template.system === '' ? [] : [{ role: 'system' as const, content: template.system }];
  const keptOut = { ofCase: caseText.count, ofEvidence: passages.reduce((sum, { count }) => sum + count, 0) };
  return { messages: [...system, { role: 'user', content: user }], promptVersion: template.version, seed, candidates, keptOut };
}

/**
 * The mark of a request's tags: a digest of all its data, so that no text in it can name its own mark, and the same request has the same prompt.
 */
function markOf(request: EngineRequest, seed: number): string {
  const data = [seed, request.caseText, ...request.candidates.map(({ drug }) => drug.name), ...request.background.passages.map(({ label, header, passage }) => [label, header.title, passage.text])];
  return createHash('sha256').update(JSON.stringify(data)).digest('hex').slice(0, 12);
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

function passageLines(item: BackgroundPassage, text: string, mark: string | undefined): string {
  const { header, passage } = item;
  const attributes: (readonly [string, string | undefined])[] = [
    ['mark', mark],
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
  return `<passage ${written.join(' ')}>\n${escapeData(text)}\n</passage>`;
}
