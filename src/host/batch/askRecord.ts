import type { AskCase } from '../../core/dataset/batch/types';
import type { RecommendContext } from '../../core/recommend/pipeline';
import type { Services } from '../services';
import type { Settings } from '../settings';

/** Asks about a record as the settings are now: a change of settings counts for the next batch. Between cases the extension host gets its turn. */
export async function askRecord(services: Services, settings: Settings, wrap: (make: RecommendContext['engine']) => RecommendContext['engine']): Promise<AskCase> {
  const [{ recommend }, knowledge, engine] = await Promise.all([import('../../core/recommend/pipeline'), services.knowledge(), services.engine(settings)]);
  const asked = wrap(engine);
  const options = { condition: settings.condition, maxCandidates: settings.maxRecommendations, passagesPerCandidate: settings.passagesPerCandidate };
  return async ({ caseText, disease, candidates }, signal) => {
    await new Promise(resolve => setImmediate(resolve));
    return recommend({ text: caseText, disease, candidates }, { knowledge, evidence: services.evidence(), engine: asked, kedrecVersion: services.version }, options, () => undefined, signal);
  };
}
