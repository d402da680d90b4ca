import { join } from 'node:path';
import * as vscode from 'vscode';
import type { LiveOptions } from '../../core/evidence/live/fetchEvidence';
import { SERVICE_IDS, type ServiceId } from '../../core/evidence/live/types';
import { proxySettings } from '../endpoint/endpointConfig';
import type { Services } from '../services';

/** Secret that holds the user's NCBI API key. */
export const ncbiKeyName = 'kedrec.ncbiApiKey';

export interface FetchSettings {
  readonly cacheDays: number;
  /** Records of each service at most. */
  readonly maxRecords: number;
  readonly email: string;
  readonly baseUrls: Readonly<Partial<Record<ServiceId, string>>>;
}

/** Other addresses count only where the user set them: the setting's scope keeps a workspace from it. */
export function readFetchSettings(): FetchSettings {
  const config = vscode.workspace.getConfiguration('kedrec.fetch');
  const number = (key: string, min: number, max: number, fallback: number): number => {
    const value = config.get<unknown>(key);
    return typeof value === 'number' && Number.isFinite(value) ? Math.min(max, Math.max(min, value)) : fallback;
  };
  const email = config.get<unknown>('email');
  const urls = config.inspect<unknown>('baseUrls')?.globalValue;
  const known = typeof urls === 'object' && urls !== null ? urls as Record<string, unknown> : {};
  return {
    cacheDays: number('cacheDays', 0, 365, 7),
    maxRecords: Math.round(number('maxRecords', 1, 5000, 200)),
    email: typeof email === 'string' ? email.trim() : '',
    baseUrls: Object.fromEntries(SERVICE_IDS.flatMap(id => (typeof known[id] === 'string' && URL.canParse(known[id]) ? [[id, known[id]]] : []))),
  };
}

/** What the live sources need; `dispose` closes its connections. */
export async function liveOptions(services: Services, settings: FetchSettings, signal: AbortSignal): Promise<{ readonly options: LiveOptions; dispose(): void }> {
  const { createNodeFetch } = await import('../../core/engine/endpoint/nodeFetch');
  const proxy = proxySettings(vscode.workspace.getConfiguration('http'), process.env);
  const transport = createNodeFetch({ connectMs: 20_000, ...(proxy ? { proxy } : {}) });
  const ncbiKey = await services.secrets.get(ncbiKeyName);
  return {
    options: {
      transport: transport.fetch, cacheFolder: join(services.globalFolder, 'answers'), cacheDays: settings.cacheDays, version: services.version, signal, baseUrls: settings.baseUrls,
      ...(ncbiKey ? { ncbiKey } : {}), ...(settings.email === '' ? {} : { email: settings.email }),
      onWait: (name, ms, reason) => services.log.info(`${name}: waiting ${Math.round(ms)} ms before another attempt: ${reason}`),
    },
    dispose: () => transport.dispose(),
  };
}
