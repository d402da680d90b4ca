import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { pubmedArticle, pubmedSet, readFiles, study, zipOf } from './support';

const articles = (count: number): string[] => Array.from({ length: count }, (_, i) => pubmedArticle(90000100 + i));
/** Bytes that gzip cannot make small, as text. */
const noise = (length: number): string => Array.from({ length }, (_, i) => ((i * 2654435761) % 4294967296 >>> 7).toString(36)).join(' ');

describe('damaged input', () => {
  it('gives the records before the end of a cut gzip file, and says that it is cut', async () => {
    const list = Array.from({ length: 200 }, (_, i) => pubmedArticle(90000100 + i, { abstract: `<AbstractText>${noise(300)} ${i}</AbstractText>` }));
    const whole = gzipSync(pubmedSet(...list));
    const { documents, problems } = await readFiles({ 'cut.xml.gz': whole.subarray(0, Math.floor(whole.length * 0.7)) });
    assert.ok(documents.length > 10 && documents.length < 200, `${documents.length} documents`);
    assert.equal(problems.length, 2);
    assert.match(problems[0]!.reason, /the file cannot be read further inside the <PubmedArticle>/);
    assert.equal(problems[1]!.reason, 'the gzip data is cut off; fetch the file again');
  });

  it('says that gzip data or a zip archive is damaged', async () => {
    const bytes = gzipSync(noise(50_000));
    bytes.fill(0xff, 200, 300);
    const { problems } = await readFiles({ 'a.xml.gz': bytes, 'b.zip': zipOf({ 'a.xml': Buffer.from(pubmedSet(...articles(1))) }).subarray(0, 400) });
    assert.match(problems.find(({ file }) => file.endsWith('a.xml.gz'))!.reason, /the gzip data is damaged/);
    assert.match(problems.find(({ file }) => file.endsWith('b.zip'))!.reason, /the zip archive is damaged or not supported/);
  });

  it('skips a broken record in the middle of XML and goes on', async () => {
    const list = articles(5);
    list[1] = list[1]!.replace('</ArticleTitle>', '');
    list[3] = list[3]!.replace('</PubmedArticle>', '');
    const { documents, problems, summary } = await readFiles({ 'set.xml': pubmedSet(...list) });
    assert.deepEqual(documents.map(({ id }) => id), ['PMID:90000100', 'PMID:90000102', 'PMID:90000104']);
    assert.deepEqual(problems.map(({ record, line }) => [record, line]), [[2, 7], [4, 13]]);
    assert.match(problems[0]!.reason, /^broken XML \(.*\), line \d+ of the record$/);
    assert.equal(problems[1]!.reason, 'the <PubmedArticle> is not closed before the next record');
    assert.equal(summary.skipped, 2);
    assert.ok(problems.every(({ reason }) => !reason.includes('Synthetic')), 'reasons hold no text of a record');
  });

  it('tells where XML and JSON end too early', async () => {
    const { documents, problems } = await readFiles({
      'set.xml': pubmedSet(...articles(3)).slice(0, -200), 'list.json': `[${JSON.stringify(study(1))},\n${JSON.stringify(study(2)).slice(0, -40)}`,
    });
    assert.deepEqual(documents.map(({ id }) => id), ['NCT90000001', 'PMID:90000100', 'PMID:90000101']);
    assert.deepEqual(problems.map(({ record, line, reason }) => [record, line, reason]), [[2, 2, 'the file ends inside the record'], [3, 10, 'the file ends inside the <PubmedArticle>']]);
  });

  it('skips a broken line of JSON Lines and a broken item of a list', async () => {
    const lines = [JSON.stringify(study(1)), '{"protocolSection": {', JSON.stringify(study(2)), '[1]'].join('\n');
    const broken = JSON.stringify(study(4)).replace('"Synthetic study 4"', '"Synthetic study 4" oops');
    const { documents, problems } = await readFiles({ 'a.jsonl': lines, 'b.json': `[${JSON.stringify(study(3))},${broken},${JSON.stringify(study(5))}]` });
    assert.deepEqual(documents.map(({ id }) => id), ['NCT90000001', 'NCT90000002', 'NCT90000003', 'NCT90000005']);
    assert.deepEqual(problems.map(({ record, reason }) => [record, reason]), [[2, 'broken JSON'], [4, 'not a JSON object'], [2, 'broken JSON']]);
  });

  it('skips records in the wrong encoding, and reads UTF-16 and declared encodings', async () => {
    const set = pubmedSet(pubmedArticle(90000201, { title: 'Sjögren (synthetic)' }), pubmedArticle(90000202));
    const declared = set.replace('UTF-8', 'ISO-8859-1').replace(/9000020/g, '9000021');
    const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(set.replace('UTF-8', 'UTF-16').replace(/9000020/g, '9000022'), 'utf16le')]);
    const { documents, problems } = await readFiles({ 'wrong.xml': Buffer.from(set, 'latin1'), 'declared.xml': Buffer.from(declared, 'latin1'), 'utf16.xml': utf16, 'bom.xml': `\uFEFF${set.replace(/9000020/g, '9000023')}` });
    assert.deepEqual(documents.filter(({ title }) => title === 'Sjögren (synthetic)').map(({ id }) => id), ['PMID:90000231', 'PMID:90000211', 'PMID:90000221']);
    assert.equal(documents.length, 7);
    assert.deepEqual(problems.map(({ record, reason }) => [record, /not valid in the file's encoding/.test(reason)]), [[1, true]]);
    assert.match((await readFiles({ 'x.xml': '<?xml version="1.0" encoding="made-up-8"?><PubmedArticleSet/>' })).problems[0]!.reason, /encoding "made-up-8" is not known/);
  });

  it('reads characters that are cut by the chunks of a file', async () => {
    const title = 'ü€𝛼'.repeat(9_000);
    const { documents, problems } = await readFiles({ 'set.xml': pubmedSet(pubmedArticle(90000301, { title })), 'one.xml': pubmedSet(pubmedArticle(90000302, { title: `x${title}` })) });
    assert.deepEqual(problems, []);
    assert.deepEqual(documents.map(document => document.title.replace('x', '') === title), [true, true]);
  });

  it('reports files that are empty or no corpus', async () => {
    const { documents, problems, summary } = await readFiles({
      'empty.xml': '', 'image.png': Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0]), 'notes.md': '# Notes, of a person\n', 'search.xml': '<?xml version="1.0"?><eSearchResult/>', 'other.json': '{"took": 3, "hits": []}', 'bare.json': '[1, 2]', 'none.xml': pubmedSet(), 'table.csv': 'a,b\n1,2\n', '.hidden.json': '{',
    });
    assert.equal(documents.length, 0);
    assert.deepEqual(Object.fromEntries(problems.map(({ file, reason }) => [file.replace(/^.*[\\/]/, ''), reason])), {
      'empty.xml': 'it is empty', 'image.png': 'it is no text', 'notes.md': 'it is none of the formats that can be read', 'search.xml': 'XML with <eSearchResult> is none of the formats that can be read',
      'bare.json': 'it holds no record', 'none.xml': 'it holds no record',
      'other.json': 'its JSON is none of the known kinds of records, and no id and text can be guessed from its keys; give a field mapping', 'table.csv': 'no id and text can be guessed from its column names; give a field mapping',
    });
    assert.equal(summary.filesWithoutDocuments, 8);
    assert.deepEqual(summary.files, {});
  });
});
