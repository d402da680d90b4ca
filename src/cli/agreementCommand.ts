import { InvalidArgumentError, Option, type Command } from 'commander';
import { agreementReport } from '../core/dataset/agreement/agreementReport';
import { agreementText } from '../core/dataset/agreement/agreementText';
import { readReviews } from '../core/dataset/agreement/readReviews';
import { UsageError } from './errors';
import { writeOut } from './output';

interface AgreementFlags {
  readonly format: 'text' | 'json';
  readonly list: number;
}

/** Adds `kedrec agreement SIDECAR...`. */
export function registerAgreementCommand(program: Command, exit: (code: number) => void): void {
  program.command('agreement')
    .description('how far reviewers agree: raw agreement, Cohen\'s or Fleiss\' kappa, the list of disagreements')
    .argument('<sidecar...>', 'files of annotation events (NAME.kedrec.jsonl) about the same records, one or one for each reviewer')
    .addOption(new Option('--format <format>', 'output').choices(['text', 'json']).default('text'))
    .option('--list <n>', 'disagreements to list in the text', count, 20)
    .action(async (files: string[], flags: AgreementFlags) => { exit(await agreementCommand(files, flags)); });
}

/** Resolves to the exit code: 0, or 1 when no two people judged the same. */
export async function agreementCommand(files: readonly string[], flags: AgreementFlags): Promise<number> {
  const { summaries, files: read } = await readReviews(files).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${error.path ?? 'A file'} cannot be read${error.code ? ` (${error.code})` : ''}. Give the .kedrec.jsonl file beside the annotated file.`, { cause: error });
  });
  for (const { path, problems, problemCount, usable } of read) {
    if (usable <= 0) { throw new UsageError(`${path} holds no annotation event. Give the .kedrec.jsonl file beside the annotated file.`); }
    for (const problem of problems) { process.stderr.write(`kedrec: ${path}, line ${problem.line}${problem.field ? `, field ${problem.field}` : ''}: ${problem.message}\n`); }
    if (problemCount > problems.length) { process.stderr.write(`kedrec: ${path}: ${problemCount - problems.length} more lines were skipped\n`); }
  }
  const report = agreementReport(summaries);
  await writeOut(flags.format === 'json' ? `${JSON.stringify(report, null, 2)}\n` : agreementText(report, flags.list));
  return report.overall.units > 0 ? 0 : 1;
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) { throw new InvalidArgumentError('a whole number, 0 or more, is needed.'); }
  return value;
}
