// The README names everything that package.json contributes, and nothing that is not there.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import manifest from '../../../package.json';

const readme = readFileSync('README.md', 'utf8');
const { commands, configuration, colors, keybindings } = manifest.contributes;
const settings = new Map<string, { readonly default: unknown }>(configuration.flatMap(({ properties }) => Object.entries(properties)));

/** A default as the table of settings writes it. */
function written(value: unknown): string {
  if (typeof value === 'boolean') { return value ? 'on' : 'off'; }
  if (typeof value === 'number') { return String(value); }
  return typeof value === 'string' && value !== '' ? `\`${value}\`` : '';
}

describe('the README', () => {
  it('names every command by its title', () => {
    const flowing = readme.replace(/\s+/g, ' ');
    for (const { title } of commands) { assert.ok(flowing.includes(`**${title}**`), title); }
  });

  it('has one row with the default of every setting', () => {
    const rows = new Map([...readme.matchAll(/^\| `(kedrec\.[\w.]+)` \| ?(.*?) ?\| .+ \|$/gm)].map(([, name, value]) => [name!, value!]));
    for (const [name, { default: value }] of settings) { assert.equal(rows.get(name), written(value), name); }
    assert.equal(rows.size, settings.size);
  });

  it('names no setting and no key that does not exist', () => {
    const known = new Set([...settings.keys(), ...colors.map(({ id }) => id)]);
    for (const [, name] of readme.matchAll(/["`](kedrec\.[A-Za-z.]+)["`]/g)) { assert.ok(known.has(name!), name); }
    const keys = new Set(keybindings.flatMap(({ key }) => [key, ...key.split(' ')]));
    for (const [, key] of readme.matchAll(/`((?:Ctrl|Alt)\+[^`]+)`/g)) { assert.ok(keys.has(key!.toLowerCase()), key); }
  });

  it('shows only flags of the command line that exist', () => {
    const cli = readdirSync('src/cli').map(file => readFileSync(`src/cli/${file}`, 'utf8')).join('\n');
    for (const [line] of readme.matchAll(/^ {4}kedrec .+$/gm)) {
      for (const [, flag] of line.replace(/ then: .*/, '').matchAll(/ (--?[a-z][a-z-]*)/g)) { assert.match(cli, new RegExp(`['\` ]${flag}[ ',\`]`), flag); }
    }
  });

  it('links only to files that are there', () => {
    for (const [, path] of readme.matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)) { assert.ok(existsSync(path!), path); }
  });
});
