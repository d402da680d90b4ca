import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openEvidenceStore } from '../../../src/core/evidence/store';
import type { KnowledgeData } from '../../../src/core/terminology/types';
import { fetchList } from '../../../tools/corpus/fetch';
import { loadCorpus } from '../../../tools/corpus/load';
import { formatProblem } from '../../../tools/corpus/problems';
import { readQueries } from '../../../tools/corpus/queries';
import { syntheticServices } from '../../live/server.mjs';
import { optionsFor, serve, temporaryFolder } from './support';

const knowledge = { version: '1', classes: [], diseases: [{ id: 'quibbler-fever', name: 'Quibbler fever' }], drugs: [{ id: 'zorvaxil', name: 'Zorvaxil' }] } as unknown as KnowledgeData;

async function problemsOf(yaml: string): Promise<readonly string[]> {
  const folder = await temporaryFolder();
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'queries.yaml'), yaml);
  return readQueries(folder, knowledge).problems.map(formatProblem);
}

describe('the list of queries', function () {
  this.timeout(20_000);

  it('of the corpus has no fault', () => {
    const { queries, problems } = readQueries('corpus', loadCorpus('corpus').knowledge);
    assert.deepEqual(problems.map(formatProblem), []);
    assert.ok(queries.length >= 60);
  });

  it('is checked, and each fault told with its line', async () => {
    assert.deepEqual(await problemsOf('- id: a\n  disease: quibbler-fever\n  drug: zorvaxil\n  sources: [pubmed]\n  max: 5\n'), []);
    assert.deepEqual(await problemsOf('- id: a\n  disease: gout\n'), ['queries.yaml:2: error: [a] disease: "gout" is no disease of the corpus; write its id, such as heart-failure']);
    assert.deepEqual(await problemsOf('- id: a\n  disease: quibbler-fever\n  sources: [pubmed, embase]\n  max: 0\n  limit: 3\n'), [
      'queries.yaml:3: error: [a] sources: "embase" is none of clinicaltrials, pubmed, europepmc, openfda', 'queries.yaml:4: error: [a] max: must be from 1 to 1000', 'queries.yaml:5: error: [a] limit: is not a field of this kind of entry',
    ]);
    assert.deepEqual(await problemsOf('- id: a\n  disease: quibbler-fever\n- id: a\n  disease: quibbler-fever\n- id: b\n  disease: quibbler-fever\n- disease: quibbler-fever\n  drug: zorvaxil\n'), [
      'queries.yaml:3: error: [a] id: "a" comes twice', 'queries.yaml:6: error: [b] disease: asks the same as "a"', 'queries.yaml:7: error: id: is missing',
    ]);
    assert.match((await problemsOf('id: [a'))[0] ?? '', /^queries\.yaml:1: error: /);
    assert.deepEqual(await problemsOf(''), ['queries.yaml:1: error: holds no query']);
  });

  it('is fetched into one index that remembers every request', async () => {
    const server = await serve(syntheticServices());
    const output = join(await temporaryFolder(), 'fetched.kdx');
    const told: string[] = [];
    const queries = [{ id: 'a', disease: 'Quibbler fever', sources: ['clinicaltrials', 'openfda'], max: 100 }, { id: 'b', disease: 'Quibbler fever', drug: 'Zorvaxil', sources: ['pubmed'], max: 3 }] as const;
    const fetched = await fetchList(queries, output, await optionsFor(server), text => told.push(text));
    assert.deepEqual([fetched, told], [{ documents: 12, requests: 5, problems: [] }, ['1/2 a: clinicaltrials 7, openfda 2', '2/2 b: pubmed 3']]);
    const store = openEvidenceStore([{ name: 'fetched', path: output }]);
    const { origin } = (await store.info())[0]!;
    assert.deepEqual([origin?.list, origin?.requests.length], ['corpus/queries.yaml', 5]);
    await store.dispose();
  });
});
