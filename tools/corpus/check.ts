import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { checkAgainstData } from './external';
import { loadCorpus } from './load';
import { formatProblem, sortProblems } from './problems';

/** `tsx tools/corpus/check.ts [corpusDir]`: prints every problem; exit code 1 when there is an error. */
function main(): void {
  const corpusDir = resolve(process.argv[2] ?? 'corpus');
  if (!existsSync(corpusDir)) {
    console.error(`No corpus at ${corpusDir}.`);
    process.exitCode = 2;
    return;
  }
  const corpus = loadCorpus(corpusDir);
  const dataDir = resolve(process.env['KEDREC_TEST_DATA'] ?? '../shared/data');
  const external = existsSync(dataDir) ? checkAgainstData(corpus, dataDir) : undefined;
  const problems = sortProblems([...corpus.problems, ...(external?.problems ?? [])]);
  for (const problem of problems) console.log(formatProblem(problem));
  if (external === undefined) console.log(`No reference data at ${dataDir}: ids, titles and indications were not compared (set KEDREC_TEST_DATA).`);
  else for (const line of external.report) console.log(line);
  const { knowledge, evidence } = corpus;
  const errors = problems.filter(({ level }) => level === 'error').length;
  console.log(`${knowledge.drugs.length} drugs, ${knowledge.diseases.length} diseases, ${knowledge.classes.length} classes, ${evidence.length} evidence entries; ` +
    `${errors} error(s), ${problems.length - errors} warning(s)`);
  process.exitCode = errors > 0 ? 1 : 0;
}

main();
