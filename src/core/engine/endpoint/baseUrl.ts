import { EngineError } from '../types';
import { endpointSettings } from './config';

/** An endpoint's address, taken apart. */
export interface EndpointAddress {
  /** Bases of the API in the order in which they are tried, without a trailing slash. */
  readonly bases: readonly string[];
  /** For people: scheme, host and path, nothing else. */
  readonly shown: string;
  readonly origin: string;
  /** Where the server's own pages stand, such as `/health`: the base without its version. No trailing slash. */
  readonly root: string;
  readonly query: Readonly<Record<string, string>>;
}

const example = 'Set it to an address such as http://localhost:8000/v1.';

/** Reads `kedrec.endpoint.baseUrl`; throws EngineError `not-configured` when it is no address. Keys in an address are refused: settings are not secret. */
export function parseBaseUrl(text: string): EndpointAddress {
  const trimmed = text.trim();
  if (trimmed === '') {
    throw new EngineError('not-configured', 'No endpoint is set.', `${endpointSettings.baseUrl} is empty. ${example}`);
  }
  const url = URL.canParse(trimmed) ? new URL(trimmed) : undefined;
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new EngineError('not-configured', `${endpointSettings.baseUrl} is not an http or https address.`, example);
  }
  if (url.username !== '' || url.password !== '') {
    throw new EngineError('not-configured', `${endpointSettings.baseUrl} holds a user name or password.`,
      `Take it out of the address and store the key with "${endpointSettings.setKeyCommand}".`);
  }
  const path = url.pathname.replace(/\/+$/, '').replace(/\/(?:chat\/completions|completions|models|responses)$/, '');
  const base = url.origin + path;
  const versioned = /\/v\d+(?:(?:alpha|beta)\d*)?$/.test(path) || /\/openai$/.test(path);
  return { bases: versioned ? [base] : [`${base}/v1`, base], shown: base, origin: url.origin, root: base.replace(/\/v\d+(?:(?:alpha|beta)\d*)?$/, ''), query: Object.fromEntries(url.searchParams) };
}
