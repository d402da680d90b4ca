import { readFileSync } from 'node:fs';
import { createServer as createHttp, request as httpRequest, type Server } from 'node:http';
import { createServer as createTls } from 'node:https';
import { connect, type AddressInfo, type Socket } from 'node:net';

const file = (name: string): string => readFileSync(new URL(`./certificates/${name}`, import.meta.url), 'utf8');

/** The authority that signed the test server's certificate, as PEM. */
export const testAuthority = (): string => file('ca.pem');

/** A server of this file, on this machine. */
export interface LocalServer {
  readonly port: number;
  close(): Promise<void>;
}

/** TLS in front of a local http server: with a certificate of the test authority, or a self-signed one. */
export async function startTls(target: string, certificate: 'server' | 'self-signed'): Promise<LocalServer> {
  const server = createTls({ cert: file(`${certificate}.pem`), key: file(`${certificate}.key.pem`) }, (req, res) => {
    const { hostname, port } = new URL(target);
    const forward = httpRequest({ hostname, port, path: req.url, method: req.method, headers: req.headers }, (reply) => {
      res.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(res);
    });
    forward.on('error', () => res.destroy());
    res.on('close', () => forward.destroy());
    req.pipe(forward);
  });
  return listen(server);
}

/** A forward proxy: CONNECT tunnels and absolute-form requests, both led to one port of this machine, whatever host was named. */
export interface TestProxy extends LocalServer {
  /** "CONNECT llm.institute.test:443", "POST http://llm.institute.test/v1/..." */
  readonly seen: string[];
  readonly authorizations: (string | undefined)[];
}

export async function startProxy(port: number, options: { readonly authorization?: string } = {}): Promise<TestProxy> {
  const seen: string[] = [];
  const authorizations: (string | undefined)[] = [];
  const admits = (authorization: string | undefined): boolean => {
    authorizations.push(authorization);
    return options.authorization === undefined || authorization === options.authorization;
  };
  const server = createHttp((req, res) => {
    seen.push(`${req.method ?? ''} ${req.url ?? ''}`);
    if (!admits(req.headers['proxy-authorization'])) {
      res.writeHead(407, { 'proxy-authenticate': 'Basic' }).end();
      return;
    }
    const { pathname, search } = new URL(req.url ?? '/', 'http://none');
    const forward = httpRequest({ hostname: '127.0.0.1', port, path: pathname + search, method: req.method, headers: req.headers }, (reply) => {
      res.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(res);
    });
    forward.on('error', () => res.destroy());
    res.on('close', () => forward.destroy());
    req.pipe(forward);
  });
  server.on('connect', (req, client: Socket, head: Buffer) => {
    seen.push(`CONNECT ${req.url ?? ''}`);
    client.on('error', () => client.destroy());
    if (!admits(req.headers['proxy-authorization'])) {
      client.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    const tunnel = connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      tunnel.write(head);
      tunnel.pipe(client).pipe(tunnel);
    });
    tunnel.on('error', () => client.destroy());
    client.on('close', () => tunnel.destroy());
  });
  return { seen, authorizations, ...await listen(server) };
}

async function listen(server: Server | ReturnType<typeof createTls>): Promise<LocalServer> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => {
      server.close(() => resolve());
      sockets.forEach((socket) => socket.destroy());
    }),
  };
}
