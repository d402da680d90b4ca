import type { EngineView } from '../../shared/panelProtocol';
import type { Settings } from '../settings';

/** The engine in words: what it is, and for an endpoint where. */
export function engineView(settings: Settings): EngineView {
  if (settings.engine === 'evidence') { return { engine: 'evidence', label: 'Evidence engine, no language model' }; }
  let host = 'no address set';
  try { host = new URL(settings.endpoint.baseUrl).host; } catch { /* shown as it is */ }
  return { engine: 'endpoint', label: `${settings.endpoint.model || 'Model'} at ${host}` };
}
