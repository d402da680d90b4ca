import type { RecommendationResult } from '../../core/recommend/types';
import type { EngineView } from '../../shared/panelProtocol';
import type { Settings } from '../settings';
import { defaultEndpoint, hostOf } from './endpointSettings';

/** The engine in words: what it is, and for an endpoint which and where. */
export function engineView({ engine, endpoint }: Settings): EngineView {
  if (engine === 'evidence') { return { engine, label: 'Evidence engine, no language model' }; }
  const name = endpoint.name === defaultEndpoint ? '' : `${endpoint.name}: `;
  return { engine, label: `${name}${endpoint.model || 'Model'} at ${hostOf(endpoint)}` };
}

/** The engine that gave a finished answer, which may not be the one in use now. */
export function engineOfResult({ engine, provenance }: Pick<RecommendationResult, 'engine' | 'provenance'>, settings: Settings): EngineView {
  if (engine === 'evidence') { return engineView({ ...settings, engine }); }
  const { model } = provenance;
  const same = settings.engine === 'endpoint' && (!model || settings.endpoint.model === '' || settings.endpoint.model === model || settings.endpoint.kind === 'vscode-lm');
  return same ? engineView(settings) : { engine, label: model ? `Language model ${model}` : 'A language model' };
}
