import type { Decision, Grounding, Recommendation, TokenUsage } from '../core/engine/types';
import type { ReviewVerdict } from '../core/dataset/annotationTypes';
import type { Provenance, RecommendationResult } from '../core/recommend/types';

export const researchUse = 'For research only; not clinical advice.';

export const decisionLabel: Readonly<Record<Decision, string>> = {
  recommend: 'Recommend', consider: 'Consider', avoid: 'Avoid', 'insufficient-evidence': 'Insufficient evidence',
};

export const verdictLabel: Readonly<Record<ReviewVerdict, string>> = { accepted: 'accepted', edited: 'edited', rejected: 'rejected', skipped: 'skipped' };

export const groundingLabel: Readonly<Record<Grounding, string>> = { supported: 'supported', weak: 'weakly supported', unsupported: 'NOT supported', uncited: 'no citation' };

/** "colchicine (recommend), allopurinol (consider)". */
export function shortList(recommendations: readonly Recommendation[], most = 3): string {
  const shown = recommendations.slice(0, most).map(({ drug, decision }) => `${drug.name} (${decisionLabel[decision].toLowerCase()})`);
  const more = recommendations.length - shown.length;
  return shown.join(', ') + (more > 0 ? `, ${more} more` : '');
}

/** "Evidence engine, no language model \u00b7 trials and literature \u00b7 bundled@1a2b \u00b7 2026-01-01 12:00". */
export function provenanceLine(provenance: Provenance): string {
  const engine = provenance.languageModel ? `Model ${provenance.model ?? 'unknown'}${provenance.promptVersion ? `, prompt ${provenance.promptVersion}` : ''}${provenance.promptSeed === undefined ? '' : `, order seed ${provenance.promptSeed}`}` : 'Evidence engine, no language model';
  const sources = { none: 'no background', trials: 'trials', literature: 'literature', both: 'trials and literature' }[provenance.condition];
  return [engine, sources, ...provenance.indexes, `knowledge ${provenance.knowledgeVersion}`, provenance.createdAt.slice(0, 16).replace('T', ' ')].join(' \u00b7 ');
}

/** "2,000 tokens read, 120 written \u00b7 first words after 400 ms \u00b7 35.2 tokens/s"; empty when nothing is known. */
export function usageLine({ promptTokens, completionTokens, firstTokenMs, tokensPerSecond }: TokenUsage): string {
  const count = (tokens: number) => tokens.toLocaleString('en');
  const tokens = promptTokens !== undefined && completionTokens !== undefined ? `${count(promptTokens)} tokens read, ${count(completionTokens)} written`
    : promptTokens !== undefined ? `${count(promptTokens)} tokens read` : completionTokens !== undefined ? `${count(completionTokens)} tokens written` : undefined;
  return [tokens, firstTokenMs === undefined ? undefined : `first words after ${firstTokenMs < 1000 ? `${Math.round(firstTokenMs)} ms` : `${(firstTokenMs / 1000).toFixed(1)} s`}`, tokensPerSecond === undefined ? undefined : `${count(tokensPerSecond)} tokens/s`]
    .filter(Boolean).join(' \u00b7 ');
}

/** Names of the diseases that the result is about. */
export function diseaseNames(result: RecommendationResult): string {
  const about = new Map(result.recommendations.flatMap(recommendation => recommendation.for ?? []).map(disease => [disease.id, disease.name]));
  const names = about.size > 0 ? [...about.values()] : result.case.diseases.filter(disease => disease.assertion === 'present').map(disease => disease.name);
  return names.slice(0, 4).join(', ');
}
