import { readFileSync } from 'node:fs';
// By its plain name, like http and https: VS Code adds the system's certificates to exactly this one.
import tls from 'tls';

/** Newer Node versions list what they trust; `@types/node` of the oldest one supported does not know it. */
interface TrustLists {
  readonly getCACertificates?: (type: 'default' | 'system') => readonly string[];
}

/**
 * Certificates to trust when some are named: those and the usual ones (Node's own list, NODE_EXTRA_CA_CERTS, and with `system` the system's store).
 * Node replaces its list by whatever is given, so the usual ones have to be given, too.
 */
export function trustedCertificates(pem: string, options: { readonly system?: boolean } = {}): string[] {
  const lists = tls as TrustLists;
  const usual = lists.getCACertificates?.('default') ?? [...tls.rootCertificates, ...extraCertificates()];
  const system = options.system ? (lists.getCACertificates?.('system') ?? []) : [];
  return [...new Set([...usual, ...system, pem])];
}

function extraCertificates(): string[] {
  const file = process.env['NODE_EXTRA_CA_CERTS'];
  try {
    return file ? [readFileSync(file, 'utf8')] : [];
  } catch {
    return [];
  }
}
