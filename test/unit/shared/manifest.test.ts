import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import manifest from '../../../package.json';

const settings = manifest.contributes.configuration.flatMap(({ properties }) => Object.keys(properties));

describe('the manifest', () => {
  it('restricts every setting by which an untrusted workspace could send text somewhere', () => {
    const restricted = manifest.capabilities.untrustedWorkspaces.restrictedConfigurations;
    for (const name of ['kedrec.engine', 'kedrec.endpoint.baseUrl', 'kedrec.endpoint.model', 'kedrec.endpoint.headers']) { assert.ok(restricted.includes(name), name); }
    for (const name of restricted) { assert.ok(settings.includes(name), `${name} is no setting`); }
  });
  it('names in advice and menus only commands and settings that exist', () => {
    const titles = new Set(manifest.contributes.commands.map(({ title }) => `KEDRec: ${title}`));
    const ids = new Set(manifest.contributes.commands.map(({ command }) => command));
    for (const items of Object.values(manifest.contributes.menus)) { for (const { command } of items) { assert.ok(ids.has(command), command); } }
    const sources = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.ts')).map(file => readFileSync(`src/${file}`, 'utf8')).join('\n');
    for (const [title] of sources.matchAll(/KEDRec: [A-Z][A-Za-z]+(?: (?:[A-Z][A-Za-z]+|for|into|in|to))+(?<! for| into| in| to)/g)) { assert.ok([...titles].some(known => title.startsWith(known) || known.startsWith(title)), title); }
    for (const [name] of sources.matchAll(/kedrec\.endpoint\.[a-zA-Z]+/g)) { assert.ok(settings.includes(name) || ids.has(name), name); }
  });
  it('has a walkthrough of four steps', () => assert.equal(manifest.contributes.walkthroughs[0]?.steps.length, 4));
});
