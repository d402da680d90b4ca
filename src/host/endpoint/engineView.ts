import type { EngineView } from '../../shared/panelProtocol';
import type { Settings } from '../settings';
import { defaultEndpoint, hostOf } from './endpointSettings';

/** The engine in words: what it is, and for an endpoint which and where. */
export function engineView({ engine, endpoint }: Settings): EngineView {
  if (engine === 'evidence') { return { engine, label: 'Evidence engine, no language model' }; }
  const name = endpoint.name === defaultEndpoint ? '' : `${endpoint.name}: `;
  return { engine, label: `${name}${endpoint.model || 'Model'} at ${hostOf(endpoint)}` };
}
