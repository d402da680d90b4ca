import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '../batch/support';
import { HashTable } from '../../../../src/core/dataset/table/hashTable';
import { TempFile, TempFileError } from '../../../../src/core/dataset/table/tempFile';

const keyOf = (n: number) => createHash('sha256').update(String(n)).digest('hex');

describe('the table of hashes', () => {
  let folder: string;
  beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'kedrec-table-')); });
  afterEach(() => { rmSync(folder, { recursive: true, force: true }); });

  it('answers as a Map does, on the disk and in memory, whatever is done to it', () => {
    for (let run = 0; run < 20; run++) {
      const fraction = seededRandom(run + 1);
      const random = (below: number) => Math.floor(fraction() * below);
      const [table, map] = [new HashTable({ pagesInMemory: 1 + run % 4, folder }), new Map<number, number>()];
      const [keys, steps] = [1 + random(2000), random(3000)];
      for (let step = 0; step < steps; step++) {
        const n = random(keys);
        if (random(3) > 0) { const value = random(2 ** 31) * 2 ** 20; table.set(keyOf(n), value); map.set(n, value); }
        assert.equal(table.get(keyOf(n)), map.get(n));
      }
      assert.equal(table.size, map.size);
      for (let n = 0; n < keys; n++) { assert.equal(table.get(keyOf(n)), map.get(n)); }
      table.close();
    }
  });

  it('holds a quarter of a million keys in half a megabyte of memory, each exactly', function () {
    this.timeout(120_000);
    const table = new HashTable({ folder });
    // Spread as hashes are: the table is filled by the leading bits.
    const key = (n: number) => [Math.imul(n + 1, 0x9e3779b1), Math.imul(n + 1, 0x85ebca6b), n, 7].map(word => (word >>> 0).toString(16).padStart(8, '0')).join('');
    for (let n = 0; n < 250_000; n++) { table.set(key(n), n); }
    assert.equal(table.size, 250_000);
    assert.ok(table.isOnDisk);
    assert.ok(table.residentBytes <= 128 * 4096, String(table.residentBytes));
    for (let n = 0; n < 250_000; n += 7) { assert.equal(table.get(key(n)), n); }
    for (let n = 250_000; n < 260_000; n++) { assert.equal(table.get(key(n)), undefined); }
    table.close();
    assert.equal(table.size, 0);
  });

  it('tells keys apart that differ in any of their 128 bits', () => {
    const table = new HashTable();
    const base = 'a'.repeat(32);
    table.set(base, 1);
    for (let digit = 0; digit < 32; digit++) { assert.equal(table.get(`${base.slice(0, digit)}b${base.slice(digit + 1)}`), undefined); }
    assert.equal(table.get(base), 1);
  });

  it('finds keys of one beginning, also across the end of the table', () => {
    const table = new HashTable({ pagesInMemory: 1, folder });
    const key = (n: number) => `ffffffff${n.toString(16).padStart(24, '0')}`;
    for (let n = 0; n < 500; n++) { table.set(key(n), n); }
    for (let n = 0; n < 500; n++) { assert.equal(table.get(key(n)), n); }
    table.close();
  });

  it('leaves no file behind, not even when its process is killed', () => {
    const module = new URL('../../../../src/core/dataset/table/hashTable.ts', import.meta.url).href;
    const code = `import { HashTable } from ${JSON.stringify(module)};
      const table = new HashTable({ pagesInMemory: 1, folder: ${JSON.stringify(folder)} });
      for (let n = 0; n < 1000; n++) { table.set((n * 2654435761 % 4294967296).toString(16).padStart(8, '0').padEnd(32, '0'), n); }
      console.log(table.isOnDisk); process.kill(process.pid, 'SIGKILL');`;
    const { stdout, signal } = spawnSync(process.execPath, ['--import=tsx', '--input-type=module', '-e', code], { encoding: 'utf8' });
    assert.deepEqual([stdout.trim(), process.platform === 'win32' ? 'SIGKILL' : signal], ['true', 'SIGKILL']);
    assert.deepEqual(readdirSync(folder), []);
  });

  it('removes what a dead process left, and nothing else', () => {
    const { pid: dead } = spawnSync(process.execPath, ['-e', '0']);
    const names = { dead: `kedrec-${dead}-0123456789abcdef.tmp`, alive: `kedrec-${process.pid}-0123456789abcdef.tmp`, other: `kedrec-${dead}-notes.tmp` };
    for (const name of Object.values(names)) { writeFileSync(join(folder, name), ''); }
    new TempFile(folder).close();
    assert.deepEqual(readdirSync(folder).sort(), [names.alive, names.other].sort());
  });

  it('keeps what it has when there is no room on the disk, and says what to do', () => {
    const gone = join(folder, 'gone');
    const table = new HashTable({ pagesInMemory: 1, folder: gone });
    let held = 0;
    assert.throws(() => { for (; held < 10_000; held++) { table.set(keyOf(held), held); } }, (error: unknown) => error instanceof TempFileError && error.message.includes(gone) && /TMPDIR/.test(error.message));
    assert.ok(held > 100);
    for (let n = 0; n < held; n++) { assert.equal(table.get(keyOf(n)), n); }
    assert.equal(table.get(keyOf(held)), undefined);
    table.close();
  });
});
