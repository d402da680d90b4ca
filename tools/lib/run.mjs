// Running other programs with their output kept readable; plain Node 20, nothing installed.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A problem to tell the user in one message, without a stack. */
export class Problem extends Error {}

/** Prints the message of a Problem (or the stack of anything else) and sets exit code 1. */
export function report(error) {
  console.error(`\n${error instanceof Problem ? error.message : error?.stack ?? error}`);
  process.exitCode = 1;
}

const windows = process.platform === 'win32';

/** Full path of a program on PATH, or undefined. */
export function onPath(name) {
  const names = windows ? [`${name}.cmd`, `${name}.exe`] : [name];
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    for (const candidate of names) {
      if (folder && existsSync(join(folder, candidate))) { return join(folder, candidate); }
    }
  }
  return undefined;
}

/**
 * Runs a program and resolves with `{ code, output }` (stdout and stderr together, the last 200,000 characters).
 * `quiet` keeps its output off the terminal and prints a line of progress every 15 s under the name `label` instead.
 */
export function run(command, args, { cwd, env, quiet = false, label = command } = {}) {
  return new Promise((done, fail) => {
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'], shell: windows && command.endsWith('.cmd') });
    const started = Date.now();
    const timer = quiet ? setInterval(() => console.log(`  still at it: ${label} (${Math.round((Date.now() - started) / 1000)} s)`), 15_000) : undefined;
    let output = '';
    const take = stream => data => {
      output = (output + data).slice(-200_000);
      if (!quiet) { stream.write(data); }
    };
    child.stdout.on('data', take(process.stdout));
    child.stderr.on('data', take(process.stderr));
    child.on('error', error => { clearInterval(timer); fail(error); });
    child.on('close', (code, signal) => { clearInterval(timer); done({ code: code ?? 1, signal, output }); });
  });
}

/** The last `count` lines of a program's output, indented. */
export const tail = (output, count = 20) => output.trimEnd().split('\n').slice(-count).map(line => `  ${line}`).join('\n');
