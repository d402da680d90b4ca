// The scripted server of test/endpoint as a process of its own, for tests in a window.
import { spawn } from 'node:child_process';
import { createServer as createHttp, request } from 'node:http';
import { createServer as createTls } from 'node:https';

/** Resolves to its address (without /v1) and a way to end it. */
export async function scripted(scenario = 'normal') {
  const child = spawn(process.execPath, ['--import=tsx', 'test/endpoint/serve.ts', '--scenario', scenario], { stdio: ['ignore', 'pipe', 'inherit'] });
  const url = await new Promise((resolve, reject) => {
    child.stdout.once('data', data => resolve(String(data).trim()));
    child.once('exit', code => reject(new Error(`the scripted server ended with ${code}`)));
  });
  return { url, stop: () => child.kill() };
}

/**
 * In front of a scripted server: keeps what arrives (`seen`: url, headers, body, whether the client closed it early). `tls`: { cert, key }. As a forward proxy it
 * leads every host to the same server; `admits` looks at the headers first.
 */
export async function recorder(target, { tls, admits = () => true } = {}) {
  const { hostname, port } = new URL(target);
  const seen = [];
  const handler = (incoming, outgoing) => {
    const entry = { url: incoming.url, headers: incoming.headers, body: '', aborted: false };
    seen.push(entry);
    if (!admits(incoming.headers)) { outgoing.writeHead(407, { 'proxy-authenticate': 'Basic' }).end(); return; }
    const forward = request({ hostname, port, path: incoming.url.replace(/^http:\/\/[^/]+/, ''), method: incoming.method, headers: incoming.headers }, answer => {
      outgoing.writeHead(answer.statusCode, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.on('data', data => { entry.body += data; });
    forward.on('error', () => outgoing.destroy());
    outgoing.on('close', () => { entry.aborted = !outgoing.writableFinished; forward.destroy(); });
    incoming.pipe(forward);
  };
  const server = tls ? createTls(tls, handler) : createHttp(handler);
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  return { port: server.address().port, server, seen, chats: () => seen.filter(({ url }) => url.endsWith('/chat/completions')), close: () => { server.closeAllConnections(); server.close(); } };
}
