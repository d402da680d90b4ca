import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, it } from 'mocha';
import { KnowledgeGraph } from '../../../src/core/knowledge/graph';
import { readCase } from '../../../src/core/terminology/read-case';
import { Terminology } from '../../../src/core/terminology/terminology';
import { loadCorpus } from '../../../tools/corpus/load';

const reports = join(resolve(process.env['KEDREC_TEST_DATA'] ?? '../shared/data'), 'e3c-case-reports');

describe('readCase on real case reports', () => {
  it('reads every report: spans inside, no overlap, each concept known', function () {
    if (!existsSync(reports)) {
      console.log(`      skipped: no case reports at ${reports} (set KEDREC_TEST_DATA)`);
      this.skip();
    }
    this.timeout(60_000);
    const { knowledge } = loadCorpus(resolve('corpus'));
    const terminology = new Terminology(knowledge);
    const graph = new KnowledgeGraph(knowledge);
    let withDisease = 0;
    const files = readdirSync(reports).filter((name) => name.endsWith('.json'));
    for (const file of files) {
      const { text } = JSON.parse(readFileSync(join(reports, file), 'utf8')) as { text: string };
      const reading = readCase(text, terminology);
      const concepts = [...reading.diseases, ...reading.drugs, ...reading.allergies];
      const spans = concepts.flatMap(({ mentions }) => mentions.map(({ span }) => span)).sort((a, b) => a.start - b.start);
      spans.forEach((span, index) => assert.ok(span.start < span.end && span.end <= text.length && (index === 0 || spans[index - 1]!.end <= span.start), `${file}: a span is out of place`));
      for (const { kind, id } of concepts) assert.notEqual(kind === 'disease' ? graph.disease(id) : (graph.drug(id) ?? graph.drugClass(id)), undefined, `${file}: unknown concept`);
      for (const { id } of reading.drugs) graph.safetyFlags(id, reading);
      if (reading.diseases.some(({ assertion }) => assertion === 'present')) withDisease++;
    }
    // Reports are about ill patients: a reader that found nothing in most of them would be broken.
    assert.ok(withDisease > files.length * 0.8, `a present disease was found in ${withDisease} of ${files.length}`);
  });
});
