import { readFileSync } from 'node:fs';

/**
 * The text of a prompt file of this folder, by its name without `.md`. The bundler puts all of them in the place of this module (esbuild.mjs);
 * from the sources, as in tests, the file is read.
 */
export function templateSource(name: string): string {
  return readFileSync(new URL(`./${name}.md`, import.meta.url), 'utf8');
}
