import { BlockList, isIP } from 'node:net';

/** Proxies by the scheme of the address that is asked, as VS Code's `http.*` settings or the environment give them. */
export interface ProxySettings {
  readonly http?: string;
  readonly https?: string;
  /** Value of the `Proxy-Authorization` header (VS Code: `http.proxyAuthorization`). */
  readonly authorization?: string;
  /** Hosts that are asked directly: `example.org` (and what is under it), `.example.org`, `10.0.0.0/8`, `host:8080`, `*`. */
  readonly noProxy?: readonly string[];
  /** Whether the certificate of an https proxy is verified (VS Code: `http.proxyStrictSSL`); it is unless false. Never about the endpoint itself. */
  readonly strictSSL?: boolean;
}

/** Proxies that the environment names: `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY`, in either case; undefined when there is none. */
export function proxyFromEnvironment(env: NodeJS.ProcessEnv): ProxySettings | undefined {
  const read = (name: string): string | undefined => env[name.toLowerCase()]?.trim() || env[name]?.trim() || undefined;
  const http = read('HTTP_PROXY') ?? read('ALL_PROXY');
  const https = read('HTTPS_PROXY') ?? read('ALL_PROXY');
  if (!http && !https) {
    return undefined;
  }
  const noProxy = (read('NO_PROXY') ?? '').split(/[,\s]+/).filter((entry) => entry !== '');
  return { ...(http ? { http } : {}), ...(https ? { https } : {}), noProxy };
}

/** The proxy for an address; undefined when it is asked directly. This machine is never asked through a proxy. */
export function proxyFor(target: URL, settings: ProxySettings | undefined): URL | undefined {
  const given = target.protocol === 'https:' ? settings?.https : settings?.http;
  if (!given || isLoopback(target.hostname) || (settings?.noProxy ?? []).some((entry) => matches(entry, target))) {
    return undefined;
  }
  const address = /^[a-z][a-z\d+.-]*:\/\//i.test(given) ? given : `http://${given}`;
  const proxy = URL.canParse(address) ? new URL(address) : undefined;
  return proxy && /^https?:$/.test(proxy.protocol) ? proxy : undefined;
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

function matches(entry: string, target: URL): boolean {
  const wanted = entry.trim().toLowerCase();
  const host = target.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (wanted === '*') {
    return true;
  }
  const family = isIP(host);
  const range = /^([\da-f.:]+)\/(\d{1,3})$/.exec(wanted);
  if (range) {
    const [, network = '', bits = ''] = range;
    const kind = isIP(network);
    if (kind === 0 || kind !== family || Number(bits) > (kind === 4 ? 32 : 128)) {
      return false;
    }
    const list = new BlockList();
    list.addSubnet(network, Number(bits), kind === 4 ? 'ipv4' : 'ipv6');
    return list.check(host, kind === 4 ? 'ipv4' : 'ipv6');
  }
  const withPort = /^(.+):(\d+)$/.exec(wanted);
  const [name, port] = withPort && isIP(wanted) === 0 ? [withPort[1] ?? '', withPort[2]] : [wanted, undefined];
  if (port !== undefined && port !== (target.port || (target.protocol === 'https:' ? '443' : '80'))) {
    return false;
  }
  const bare = name.replace(/^\*?\./, '').replace(/^\[|\]$/g, '');
  return bare !== '' && (host === bare || (family === 0 && host.endsWith(`.${bare}`)));
}
