import assert from 'node:assert/strict';
import { jsonReader } from '../../../src/core/evidence/readers/json';
import { medlineReader } from '../../../src/core/evidence/readers/medline';
import { pubmedXmlReader } from '../../../src/core/evidence/readers/pubmedXml';
import { tableReader } from '../../../src/core/evidence/readers/table';
import type { CorpusReader } from '../../../src/core/evidence/readers/types';
import { pubmedArticle, study } from './support';

const CHUNK = 10_007;
const RECORDS = 1_000;

/** Files without an end: a start and then one record after the other. */
const endless: readonly (readonly [string, CorpusReader, string, (i: number) => string])[] = [
  ['a.xml', pubmedXmlReader, '<PubmedArticleSet>\n', i => `${pubmedArticle(90000000 + i)}\n`],
  ['list.json', jsonReader, '[\n', i => `${JSON.stringify(study(i), null, 1)},\n`],
  ['search.json', jsonReader, '{"totalCount": 5, "studies": [\n', i => `${JSON.stringify(study(i))},`],
  ['lines.jsonl', jsonReader, '', i => `${JSON.stringify(study(i))}\n`],
  ['a.csv', tableReader, 'id,title,text\n', i => `${i},Synthetic,"Two\nlines"\n`],
  ['a.nbib', medlineReader, '\n', i => `PMID- ${90000000 + i}\nTI  - Synthetic\nAB  - Text\n      goes on.\n\n`],
];

describe('streaming', function () {
  this.timeout(20_000);

  for (const [file, reader, start, record] of endless) {
    it(`${reader.name} (${file}) holds no more than a record and a chunk`, async () => {
      let given = 0;
      async function* text(): AsyncGenerator<string> {
        let pending = start;
        for (let i = 0; ; i++) {
          pending += record(i);
          for (; pending.length >= CHUNK; pending = pending.slice(CHUNK)) {
            given += CHUNK;
            yield pending.slice(0, CHUNK);
          }
        }
      }
      const head = start + record(0) + record(1);
      assert.ok(reader.recognises({ file, head }));
      let [read, used] = [0, start.length];
      for await (const { document } of reader.read({ file, head, text: text(), remove: () => undefined, problem: (_position, reason) => assert.fail(reason) })) {
        used += record(read++).length;
        assert.ok(document.passages.length > 0);
        assert.ok(given - used <= 2 * CHUNK + record(0).length, `${given - used} characters ahead at record ${read}`);
        if (read === RECORDS) break;
      }
      assert.equal(read, RECORDS);
    });
  }
});
