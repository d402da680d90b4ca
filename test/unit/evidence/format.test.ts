import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { buildEvidenceIndex } from '../../../src/core/evidence/build';
import { EvidenceDocumentError, EvidenceIndexError } from '../../../src/core/evidence/errors';
import type { EvidenceIndexProblem } from '../../../src/core/evidence/errors';
import { openEvidenceStore } from '../../../src/core/evidence/store';
import type { EvidenceDocument } from '../../../src/core/evidence/types';
import { syntheticDocuments, temporaryDirectory } from './support';

const documents = syntheticDocuments(80, 21);

describe('index file', function () {
  this.timeout(60_000);
  let bytes: Uint8Array;
  let directory: string;

  before(async () => {
    bytes = await buildEvidenceIndex(documents, { name: 'test', version: '3', builtAt: '2026-01-02T03:04:05Z' });
    directory = await temporaryDirectory();
  });

  it('gives every document back as it was', async () => {
    const path = join(directory, 'whole.kdx');
    await writeFile(path, bytes);
    const store = openEvidenceStore([{ name: 'whole', path }]);
    for (const document of documents) assert.deepEqual(await store.document(document.id), document);
    assert.equal(await store.document('DOC0'), undefined);
    await store.dispose();
  });

  it('tells what it holds', async () => {
    const path = join(directory, 'info.kdx');
    const licensed = documents.map((document, i) => ({ ...document, licence: i % 2 === 0 ? 'CC-BY-4.0' : 'CC0-1.0' }));
    const file = await buildEvidenceIndex(licensed, { name: 'test', version: '3', builtAt: '2026-01-02T03:04:05Z' });
    await writeFile(path, file);
    const passages = documents.reduce((sum, document) => sum + document.passages.length, 0);
    const expected = { name: 'mine', version: '3', documents: 80, passages, bytes: file.length, builtAt: '2026-01-02T03:04:05Z', licences: ['CC-BY-4.0', 'CC0-1.0'] };
    assert.deepEqual(await openEvidenceStore([{ name: 'mine', path }]).info(), [expected]);
  });

  it('is the same bytes for the same documents, however they arrive', async () => {
    async function* oneByOne(): AsyncGenerator<EvidenceDocument> {
      yield* documents;
    }
    const again = await buildEvidenceIndex(oneByOne(), { name: 'test', version: '3', builtAt: '2026-01-02T03:04:05Z' });
    assert.ok(Buffer.from(bytes).equals(Buffer.from(again)));
  });

  it('may be without documents, passages or words', async () => {
    const odd: EvidenceDocument[] = [
      { id: 'A', source: 'trials', title: '', passages: [] },
      { id: 'B/#1', source: 'trials', title: '…', passages: [{ id: 'B/#1#2', documentId: 'B/#1', text: '' }] },
    ];
    for (const list of [[], odd]) {
      const path = join(directory, `odd-${list.length}.kdx`);
      await writeFile(path, await buildEvidenceIndex(list, { name: 'odd' }));
      const store = openEvidenceStore([{ name: 'odd', path }]);
      assert.deepEqual(await store.search({ text: 'anything', limit: 5 }), []);
      for (const document of list) assert.deepEqual(await store.document(document.id), document);
    }
  });

  it('refuses a repeated document and passages named otherwise', async () => {
    const [first] = documents;
    await assert.rejects(buildEvidenceIndex([first!, first!], { name: 'x' }), (error: unknown) => error instanceof EvidenceDocumentError && error.message.includes('DOC1'));
    for (const ids of [['X#1', 'X#1'], ['X#2', 'X#1'], ['Y#1'], ['X#0'], ['X1'], ['X#one']]) {
      const passages = ids.map(id => ({ id, documentId: 'X', text: 't' }));
      await assert.rejects(buildEvidenceIndex([{ id: 'X', source: 'trials', title: '', passages }], { name: 'x' }), EvidenceDocumentError);
    }
  });
});

describe('a damaged index file', function () {
  this.timeout(60_000);
  let bytes: Uint8Array;
  let directory: string;

  before(async () => {
    bytes = await buildEvidenceIndex(documents, { name: 'test' });
    directory = await temporaryDirectory();
  });

  async function problemOf(name: string, content: Uint8Array | undefined): Promise<EvidenceIndexProblem> {
    const path = join(directory, name);
    if (content !== undefined) await writeFile(path, content);
    const store = openEvidenceStore([{ name, path }], { cacheDir: join(directory, 'cache') });
    let problem: EvidenceIndexProblem | undefined;
    await assert.rejects(store.search({ text: 'cancer trial', limit: 3 }), (error: unknown) => {
      assert.ok(error instanceof EvidenceIndexError, String(error));
      assert.ok(error.message.includes(path), `the message names the file: ${error.message}`);
      assert.match(error.message, /[Bb]uild|[Cc]hoose|[Uu]pdate|[Cc]heck|[Rr]emove/, 'the message says what to do');
      problem = error.reason;
      return true;
    });
    return problem!;
  }

  it('is reported when it is missing, empty, a directory or something else', async () => {
    assert.equal(await problemOf('missing.kdx', undefined), 'missing');
    assert.equal(await problemOf('empty.kdx', new Uint8Array(0)), 'not-an-index');
    assert.equal(await problemOf('.', undefined), 'unreadable');
    assert.equal(await problemOf('json.kdx', Buffer.from('{"version":"2.3.9","fields":["title"]}')), 'not-an-index');
    assert.equal(await problemOf('crlf.kdx', Buffer.from(Buffer.from(bytes).toString('latin1').replace(/\r\n/, '\n'), 'latin1')), 'not-an-index');
  });

  it('is reported when it is cut off anywhere', async () => {
    for (const share of [0.02, 0.1, 0.3, 0.6, 0.99]) {
      assert.equal(await problemOf(`cut-${share}.kdx`, bytes.subarray(0, Math.max(20, Math.floor(bytes.length * share)))), 'truncated');
    }
    assert.equal(await problemOf('one-less.kdx', bytes.subarray(0, -1)), 'truncated');
    assert.equal(await problemOf('prefix.kdx', bytes.subarray(0, 15)), 'not-an-index');
  });

  it('is reported when bytes were added or any byte was changed', async () => {
    assert.equal(await problemOf('longer.kdx', Buffer.concat([bytes, Buffer.from('x')])), 'corrupt');
    for (let i = 0; i < 60; i++) {
      const place = 20 + Math.floor(((bytes.length - 21) * i) / 59);
      const flipped = Buffer.from(bytes);
      flipped[place]! ^= 1 << i % 8;
      assert.equal(await problemOf(`flipped-${place}.kdx`, flipped), 'corrupt', `byte ${place}`);
    }
  });

  it('is reported when its body contradicts its head behind valid checksums', async () => {
    const view = Buffer.from(bytes);
    const headLength = view.readUInt32LE(12);
    const head = JSON.parse(view.toString('utf8', 20, 20 + headLength)) as Record<string, unknown>;
    for (const change of [{ terms: 5000 }, { passages: 9 }, { documents: 3 }, { sections: {} }, { analysis: null }, { sources: ['unheard-of'] }]) {
      const text = Buffer.from(JSON.stringify({ ...head, ...change }));
      const prefix = Buffer.from(view.subarray(0, 20));
      prefix.writeUInt32LE(text.length, 12);
      prefix.writeUInt32LE(crc32(text), 16);
      const problem = await problemOf(`lying-${Object.keys(change)[0]}.kdx`, Buffer.concat([prefix, text, view.subarray(20 + headLength)]));
      assert.equal(problem, 'sources' in change ? 'newer-version' : 'corrupt');
    }
  });

  it('is reported when a newer version wrote it', async () => {
    const newer = Buffer.from(bytes);
    newer.writeUInt32LE(3, 8);
    assert.equal(await problemOf('newer.kdx', newer), 'newer-version');
  });

  it('is refused with what to do when an older version wrote it', async () => {
    const older = Buffer.from(bytes);
    older.writeUInt32LE(1, 8);
    assert.equal(await problemOf('older.kdx', older), 'incompatible');
  });

  it('does not stop later searches once it is repaired', async () => {
    const path = join(directory, 'repaired.kdx');
    await writeFile(path, bytes.subarray(0, 100));
    const store = openEvidenceStore([{ name: 'repaired', path }]);
    await assert.rejects(store.search({ text: 'cancer', limit: 3 }), EvidenceIndexError);
    await writeFile(path, bytes);
    assert.equal((await store.search({ text: 'cancer', limit: 3 })).length, 3);
  });
});
