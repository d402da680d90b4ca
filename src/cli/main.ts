import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { registerAgreementCommand } from './agreementCommand';
import { registerAnnotateCommand } from './annotateCommand';
import { registerBatchCommands } from './batchCommand';
import { addEngineFlags } from './engineFlags';
import { UsageError } from './errors';
import { registerDatasetCommands } from './datasetCommand';
import { registerEvaluateCommands } from './evaluateCommand';
import { registerEvidenceCommands } from './evidenceCommand';
import { registerIndexCommands } from './indexCommand';
import { writeOut } from './output';
import { recommendCommand, type RecommendFlags } from './recommendCommand';
import { searchCommand, type SearchFlags } from './searchCommand';
import { version } from './version';

/** Exit codes: 0 done, 1 nothing could be recommended (reason on standard error), 2 bad usage or input. */
async function main(argv: readonly string[]): Promise<number> {
  let code = 0;
  const program = new Command('kedrec')
    .description('Explainable drug recommendation research on the command line. For research only; not clinical advice.')
    .version(version)
    .exitOverride()
    .configureOutput({ writeErr: text => void process.stderr.write(text) })
    .addHelpText('after', '\nExit codes: 0 done; 1 nothing could be recommended (reason on standard error); 2 bad usage or input.\nKEDREC_API_KEY holds the endpoint\'s key, if it needs one.');

  addEngineFlags(program.command('recommend'))
    .description('recommend drugs for the case in FILE (- reads standard input)')
    .argument('<file>', 'case note, or - for standard input')
    .addOption(new Option('--condition <sources>', 'where background may come from').choices(['both', 'trials', 'literature', 'none']).default('both'))
    .option('--max <n>', 'candidates at most', wholeNumber, 8)
    .option('--candidates <names>', 'compare exactly these drugs (names separated by ;)')
    .option('--disease <name>', 'disease that the question is about')
    .option('--index <file...>', 'evidence indexes to use beside the bundled one')
    .addOption(new Option('--format <format>', 'output').choices(['text', 'json']).default('text'))
    .action(async (file: string, flags: RecommendFlags) => { code = await recommendCommand(file, flags); });

  program.command('search')
    .description('search the evidence')
    .argument('<query...>', 'words, as they are')
    .option('-k <n>', 'results at most', wholeNumber, 10)
    .option('--index <file...>', 'indexes to search beside the bundled one')
    .addOption(new Option('--format <format>', 'output').choices(['text', 'json']).default('text'))
    .action(async (words: string[], flags: SearchFlags) => { code = await searchCommand(words.join(' '), flags); });

  registerIndexCommands(program, exit => { code = exit; });
  registerEvidenceCommands(program, exit => { code = exit; });
  registerEvaluateCommands(program, exit => { code = exit; });
  registerAgreementCommand(program, exit => { code = exit; });
  registerDatasetCommands(program, exit => { code = exit; });
  registerAnnotateCommand(program, exit => { code = exit; });
  registerBatchCommands(program, exit => { code = exit; });

  try {
    await program.parseAsync(argv as string[], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) { return error.exitCode === 0 ? 0 : 2; }
    if (error instanceof UsageError) {
      process.stderr.write(`kedrec: ${error.message}\n`);
      return 2;
    }
    throw error;
  }
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 1000) { throw new InvalidArgumentError('a whole number from 1 to 1000 is needed.'); }
  return value;
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => { process.exit(error.code === 'EPIPE' ? 0 : 2); });
main(process.argv.slice(2)).then(
  async code => { await writeOut(''); process.exitCode = code; },
  (error: unknown) => {
    process.stderr.write(`kedrec: ${error instanceof Error ? `${error.name}: ${error.message}` : 'unknown failure'}\n`);
    process.exitCode = 2;
  },
);
