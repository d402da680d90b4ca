// Small file helpers for build-time programs; plain Node 20, nothing installed.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Files below `folder` (relative paths, sorted) whose name ends with `ending`; none when the folder is absent. */
export function filesUnder(folder, ending) {
  if (!existsSync(folder)) { return []; }
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && entry.name.endsWith(ending) && !entry.parentPath.includes('node_modules'))
    .map(entry => join(entry.parentPath, entry.name)).sort();
}
