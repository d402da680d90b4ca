// Their licences ask that the notices of what is bundled travel with the bundle.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Package folders (innermost node_modules) among the input paths of esbuild metafiles. */
function packageFolders(metafiles) {
  const folders = new Set();
  for (const input of metafiles.flatMap(metafile => Object.keys(metafile.inputs))) {
    const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (match) { folders.add(match[1]); }
  }
  return [...folders].sort();
}

/** The text of a THIRD-PARTY-NOTICES file: name, version, licence and licence text of every bundled package. */
export function thirdPartyNotices(metafiles, extraFolders = []) {
  const parts = [...new Set([...packageFolders(metafiles), ...extraFolders])].map(folder => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find(entry => /^(?:licen[cs]e|copyright)/i.test(entry));
    const text = file ? readFileSync(join(folder, file), 'utf8').trim() : `Licence: ${license}`;
    return `${name} ${version} (${license})\n\n${text}\n`;
  });
  return `Third-party software bundled in KEDRec\n\n${parts.join(`\n${'-'.repeat(80)}\n\n`)}`;
}
