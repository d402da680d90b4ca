import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { buildEvidenceIndex } from '../../../src/core/evidence/build';
import { documents } from '../recommend/fixture';

/** The prompt files as text, as the product's build puts them in. */
const prompts: Plugin = {
  name: 'prompts',
  setup: bundler => bundler.onLoad({ filter: /prompts[\\/]templates[\\/]source\.ts$/ }, ({ path }) => {
    const texts = Object.fromEntries(readdirSync(dirname(path)).filter(file => file.endsWith('.md')).map(file => [basename(file, '.md'), readFileSync(join(dirname(path), file), 'utf8')]));
    return { contents: `const texts = ${JSON.stringify(texts)};\nexport const templateSource = name => texts[name] ?? '';`, loader: 'js' };
  }),
};

// Invented, as in the fixture of the pipeline's tests.
const knowledge = {
  version: 'fixture', classes: [],
  diseases: [{ id: 'examplitis', name: 'examplitis', synonyms: [], abbreviations: [], kind: 'disease', broader: [], ids: {} }],
  drugs: ['firstamab', 'laterinib'].map((id, i) => ({ id, name: id, synonyms: [], abbreviations: [], brands: [], classes: [], targets: [], ids: {}, indications: [{ disease: 'examplitis', line: i === 0 ? 'first' : 'later' }], contraindications: [], interactions: [] })),
};

/** Builds the command line program with a small bundle into a folder; resolves to its file. */
export async function buildCli(folder: string): Promise<string> {
  const program = join(folder, 'cli.cjs');
  await build({ entryPoints: ['src/cli/main.ts'], outfile: program, bundle: true, platform: 'node', mainFields: ['module', 'main'], format: 'cjs', target: 'node20', supported: { 'dynamic-import': false }, plugins: [prompts], external: ['vscode'], logLevel: 'warning' });
  await mkdir(join(folder, 'bundle'));
  await writeFile(join(folder, 'bundle', 'knowledge.json'), JSON.stringify(knowledge));
  await writeFile(join(folder, 'bundle', 'evidence.kdx'), await buildEvidenceIndex([...documents], { name: 'bundled', version: 'v' }));
  return program;
}

export interface Outcome {
  /** Absent when a signal ended it. */
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Starts `kedrec`; `ended` resolves however it ends. */
export function startCli(program: string, args: readonly string[]): { readonly child: ChildProcess; readonly ended: Promise<Outcome> } {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const text = { out: '', err: '' };
  child.stdout.on('data', (part: Buffer) => { text.out += part.toString(); });
  child.stderr.on('data', (part: Buffer) => { text.err += part.toString(); });
  return { child, ended: new Promise(resolve => child.on('close', code => resolve({ code, ...text }))) };
}

export const runCli = (program: string, ...args: readonly string[]): Promise<Outcome> => startCli(program, args).ended;
