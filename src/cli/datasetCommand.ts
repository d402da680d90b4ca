import type { Command } from 'commander';
import { stat } from 'node:fs/promises';
import { EncodingError } from '../core/dataset/formats/fileText';
import { streamRecords } from '../core/dataset/formats/streamRecords';
import { annotateCopy, stripCopy, type CopySummary } from '../core/dataset/inFile/copyFile';
import { InFileError } from '../core/dataset/inFile/edits';
import { sidecarValues } from '../core/dataset/inFile/sidecarValues';
import { JoinError, joinTables } from '../core/dataset/join/joinTables';
import type { RecordMapping } from '../core/dataset/recordTypes';
import { UnreadableFileError } from '../core/evidence/readers/types';
import { provenanceLine } from '../shared/labels';
import { noteBlock } from '../shared/noteBlock';
import { UsageError } from './errors';
import { isOneOf } from './outFile';
import { writeOut } from './output';
import { InvalidArgumentError } from 'commander';

// So many problems are told one by one.
const PROBLEMS_TOLD = 20;

interface CopyFlags { readonly output: string; readonly prefix: string; readonly annotations?: string; readonly reviewer?: string }
interface CheckFlags { readonly mapping?: RecordMapping }

/** Adds `kedrec dataset check | join | annotate-copy | strip`; `done` gets the exit code. */
export function registerDatasetCommands(program: Command, done: (code: number) => void): void {
  const dataset = program.command('dataset').description('check datasets, make them of tables, and write annotations into copies of them');

  dataset.command('check')
    .description('read every record of a dataset and tell what is wrong with it')
    .argument('<file>', 'JSON Lines, JSON, CSV, TSV, FHIR Bundle, or note with several cases; .gz, too')
    .option('--mapping <json>', 'which field holds what, such as {"caseText":"note.text","id":"hadm_id"}', recordMappingArgument)
    .action(async (file: string, flags: CheckFlags) => { done(await guarded(() => checkCommand(file, flags))); });

  dataset.command('join')
    .description('join a folder of MIMIC (by hadm_id) or eICU (by patientunitstayid) tables to JSON Lines, a record a stay')
    .argument('<folder>', 'folder with the .csv or .csv.gz tables')
    .requiredOption('-o, --output <file>', 'dataset to write, such as mimic.jsonl')
    .action(async (folder: string, { output }: { readonly output: string }) => { done(await guarded(() => joinCommand(folder, output))); });

  dataset.command('annotate-copy')
    .description('write a copy of a dataset with its annotations in new fields or columns; every other byte stays')
    .argument('<file>', 'dataset')
    .requiredOption('--annotations <sidecar>', 'annotations, such as FILE.kedrec.jsonl')
    .requiredOption('-o, --output <file>', 'copy to write (.gz is compressed)')
    .option('--prefix <text>', 'beginning of the new names', 'kedrec_')
    .option('--reviewer <name>', 'whose review is written where several reviewed a drug and nobody adjudicated (default: the latest)')
    .action(async (file: string, flags: CopyFlags) => { done(await guarded(() => annotateCopyCommand(file, flags))); });

  dataset.command('strip')
    .description('write a copy of a dataset without the annotations that KEDRec wrote into it: the original, byte for byte')
    .argument('<file>', 'dataset')
    .requiredOption('-o, --output <file>', 'copy to write (.gz is compressed)')
    .option('--prefix <text>', 'beginning of the names that were added', 'kedrec_')
    .action(async (file: string, { output, prefix }: CopyFlags) => { done(await guarded(async () => told(await stripCopy(file, output, { prefix }), output))); });
}

async function checkCommand(file: string, { mapping }: CheckFlags): Promise<number> {
  const counts = { records: 0, errors: 0, warnings: 0, ids: 0, candidates: 0, labels: 0 };
  let problems = 0;
  for await (const item of streamRecords(file, { ...(mapping ? { mapping } : {}) })) {
    if (item.kind === 'record') {
      counts.records++;
      if (item.record.id !== undefined) { counts.ids++; }
      if (item.record.candidates) { counts.candidates++; }
      if (item.record.label) { counts.labels++; }
      continue;
    }
    const { line, severity, message } = item.problem;
    counts[severity === 'error' ? 'errors' : 'warnings']++;
    if (++problems <= PROBLEMS_TOLD) { process.stderr.write(`kedrec: ${file}:${line}: ${severity}: ${message}\n`); }
  }
  if (problems > PROBLEMS_TOLD) { process.stderr.write(`kedrec: ${problems - PROBLEMS_TOLD} further problems are only counted.\n`); }
  await writeOut(`${file}\n  records          ${counts.records}\n  with id          ${counts.ids}\n  with candidates  ${counts.candidates}\n  with label       ${counts.labels}\n  errors           ${counts.errors}\n  warnings         ${counts.warnings}\n`);
  return counts.records > 0 ? 0 : 1;
}

async function joinCommand(folder: string, output: string): Promise<number> {
  if (!(await stat(folder).catch(() => undefined))?.isDirectory()) { throw new UsageError(`${folder} is no folder.`); }
  const stop = new AbortController();
  const interrupt = (): void => stop.abort(new UsageError('Stopped. No file was written.'));
  process.once('SIGINT', interrupt);
  try {
    const onProgress = process.stderr.isTTY ? ({ table, rows, share }: { table: string; rows: number; share: number }) => void process.stderr.write(`\r\u001b[K${Math.floor(100 * share)} %, ${table}: ${rows} rows`) : undefined;
    const { schema, key, records, withoutCase, orphans, rows, broken } = await joinTables(folder, output, { signal: stop.signal, ...(onProgress ? { onProgress } : {}) });
    if (onProgress) { process.stderr.write('\n'); }
    for (const { table, count, firstLine } of broken) { process.stderr.write(`kedrec: ${table}: ${count} rows have another number of fields than the header and were skipped; the first at line ${firstLine}\n`); }
    if (orphans > 0) { process.stderr.write(`kedrec: ${orphans} rows belong to no stay and were left out\n`); }
    if (withoutCase > 0) { process.stderr.write(`kedrec: ${withoutCase} stays have neither a diagnosis nor a note and were left out\n`); }
    await writeOut(`${output}  ${records} records of ${schema} joined by ${key} (${Object.entries(rows).map(([table, count]) => `${table} ${count}`).join(', ')} rows)\n`);
    return records > 0 ? 0 : 1;
  } finally { process.removeListener('SIGINT', interrupt); }
}

async function annotateCopyCommand(file: string, { annotations, output, prefix, reviewer }: CopyFlags): Promise<number> {
  if (await isOneOf(output, [annotations!])) { throw new UsageError(`${output} holds the annotations; name another file with -o.`); }
  const values = await sidecarValues(annotations!, reviewer, /\.(md|markdown|txt|text|note)$/i.test(file)
    ? ({ result }) => noteBlock(result, new Map(), provenanceLine(result.provenance), { markdown: /\.(md|markdown)$/i.test(file), lineBreak: '\n' }) : undefined);
  if (values.broken > 0) { process.stderr.write(`kedrec: ${annotations}: ${values.broken} lines could not be used\n`); }
  const summary = await annotateCopy(file, output, values.valuesOf, { prefix });
  if (summary.changed < values.annotations) { process.stderr.write(`kedrec: ${values.annotations - summary.changed} of ${values.annotations} annotations have no record in ${file} (edited, removed, or a selection), or share one\n`); }
  return told(summary, output);
}

async function told({ records, changed }: CopySummary, output: string): Promise<number> {
  await writeOut(`${output}  ${changed} of ${records} records changed\n`);
  return 0;
}

/** Turns what a person can mend into a usage error. */
async function guarded(run: () => Promise<number>): Promise<number> {
  try { return await run(); } catch (error) {
    if (error instanceof InFileError || error instanceof JoinError || error instanceof EncodingError || error instanceof UnreadableFileError) { throw new UsageError(`${error.message}.`, { cause: error }); }
    const { code, path } = error as NodeJS.ErrnoException;
    if (code !== undefined && ['EACCES', 'EPERM', 'ENOSPC', 'EROFS', 'ENOENT', 'EISDIR'].includes(code)) {
      throw new UsageError(`${path ?? 'The file'} ${code === 'ENOENT' ? 'does not exist' : code === 'ENOSPC' ? 'cannot be written: the disk is full' : `cannot be used (${code})`}.`, { cause: error });
    }
    throw error;
  }
}

/** A mapping of records as JSON. */
export function recordMappingArgument(text: string): RecordMapping {
  let value: unknown;
  try { value = JSON.parse(text); } catch { throw new InvalidArgumentError('it is no JSON. Write for example {"caseText":"note","id":"hadm_id"}.'); }
  const roles = ['caseText', 'disease', 'candidates', 'label', 'rationale', 'id'];
  const isName = (name: unknown) => typeof name === 'string' && name !== '';
  if (typeof value !== 'object' || value === null || Array.isArray(value)) { throw new InvalidArgumentError('it is no JSON object.'); }
  for (const [role, name] of Object.entries(value)) {
    if (!roles.includes(role)) { throw new InvalidArgumentError(`"${role}" is not known; there are ${roles.join(', ')}.`); }
    if (!isName(name) && !(role === 'caseText' && Array.isArray(name) && name.length > 0 && name.every(isName))) { throw new InvalidArgumentError(`"${role}" needs the name of a field.`); }
  }
  return value as RecordMapping;
}
