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
  it('lets no folder that is not trusted decide where text goes, or how it is protected', () => {
    const scopes = new Map(manifest.contributes.configuration.flatMap(({ properties }) => Object.entries(properties)).map(([name, setting]) => [name, 'scope' in setting ? setting.scope : undefined]));
    const restricted = new Set<string>(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations);
    // Times and lengths of an answer send nothing anywhere.
    const harmless = new Set(['connectTimeout', 'firstTokenTimeout', 'idleTimeout', 'maxTokens'].map(name => `kedrec.endpoint.${name}`));
    const deciding = settings.filter(name => !harmless.has(name) && /^kedrec\.(?:endpoint\.|endpoints$|privacy\.|engine$|prompt\.template$|fetch\.baseUrls$)/.test(name));
    for (const name of ['kedrec.engine', 'kedrec.endpoints', 'kedrec.endpoint.baseUrl', 'kedrec.privacy.remoteHosts', 'kedrec.prompt.template', 'kedrec.fetch.baseUrls']) { assert.ok(deciding.includes(name), name); }
    // A setting of the machine or the application is read from no folder at all.
    for (const name of deciding) { assert.ok(restricted.has(name) || ['machine', 'application'].includes(String(scopes.get(name))), name); }
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
