import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Compares with a file of `golden/`. A missing one, or any with KEDREC_UPDATE_GOLDEN=1, is written, and then fails where CI is set. */
export function assertGolden(name: string, actual: string): void {
  const path = fileURLToPath(new URL(`golden/${name}`, import.meta.url));
  if (process.env['KEDREC_UPDATE_GOLDEN'] === '1' || !existsSync(path)) {
    writeFileSync(path, actual);
    assert.ok(!process.env['CI'], `golden file ${name} was missing`);
    return;
  }
  assert.equal(actual, readFileSync(path, 'utf8'), `${name} differs; run with KEDREC_UPDATE_GOLDEN=1 if the change is meant`);
}
