import { open, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import type { FieldMapping } from '../../core/evidence/readers/types';

const key = 'kedrec.evidence.mappings';
// A folder with more generic files than this is judged by the first ones.
const filesLookedAt = 200;

/**
 * The mapping for generic tables and JSON Lines, asked of the user when the fields of one of the files cannot be guessed.
 * `'cancelled'` when the user left the question; undefined when no mapping is needed. Answers are remembered for the same fields.
 */
export async function mappingFor(inputs: readonly string[], memory: vscode.Memento): Promise<FieldMapping | undefined | 'cancelled'> {
  const file = await firstUnknown(inputs);
  const fields = file === undefined ? [] : await fieldsOf(file);
  if (file === undefined || fields.length === 0) { return undefined; }
  const remembered = memory.get<Readonly<Record<string, FieldMapping>>>(key, {});
  const signature = JSON.stringify(fields);
  const known = remembered[signature];
  if (known && await useAgain(file, known)) { return known; }
  const mapping = await ask(file, fields);
  if (!mapping) { return 'cancelled'; }
  await memory.update(key, { ...remembered, [signature]: mapping });
  return mapping;
}

/** Resolves to whether the mapping given for such fields before is right again. */
async function useAgain(file: string, known: FieldMapping): Promise<boolean> {
  const text = typeof known.text === 'string' ? known.text : known.text.join(', ');
  const again: vscode.QuickPickItem = { label: 'Same Fields as Before', detail: `id: ${known.id ?? 'file and record number'}, title: ${known.title ?? 'none'}, text: ${text}` };
  const choice = await vscode.window.showQuickPick([again, { label: 'Choose Other Fields...' }], { title: `Fields of ${basename(file)}`, ignoreFocusOut: true });
  return choice === again;
}

async function ask(file: string, fields: readonly string[]): Promise<FieldMapping | undefined> {
  const title = `Fields of ${basename(file)} (used for all tables and JSON of this build)`;
  const none = '$(circle-slash) None';
  const id = await vscode.window.showQuickPick([...fields, none], { title, placeHolder: 'Field with the id of a document; none: ids are made of file and record number', ignoreFocusOut: true });
  if (id === undefined) { return undefined; }
  const heading = await vscode.window.showQuickPick([...fields, none], { title, placeHolder: 'Field with the title', ignoreFocusOut: true });
  if (heading === undefined) { return undefined; }
  const text = await vscode.window.showQuickPick([...fields], { title, placeHolder: 'Fields with the text; each of several becomes a section', canPickMany: true, ignoreFocusOut: true });
  if (!text || text.length === 0) { return undefined; }
  return { ...(id === none ? {} : { id }), ...(heading === none ? {} : { title: heading }), text: text.length === 1 ? text[0]! : text };
}

/** The first generic file of which the readers say that a mapping is needed. */
async function firstUnknown(inputs: readonly string[]): Promise<string | undefined> {
  const { readFileRecords } = await import('../../core/evidence/readers/readFile');
  for (const file of await genericFiles(inputs)) {
    let needed = false;
    const records = readFileRecords(file, { onProblem: ({ reason }) => { needed ||= reason.includes('give a field mapping'); } });
    // The first record shows that the fields are known; the rest is not read.
    for await (const _ of records) { break; }
    if (needed) { return file; }
  }
  return undefined;
}

async function genericFiles(inputs: readonly string[]): Promise<readonly string[]> {
  const files: string[] = [];
  for (const input of inputs) {
    const names = (await stat(input)).isDirectory() ? (await readdir(input, { recursive: true })).map(name => join(input, name)) : [input];
    files.push(...names.filter(name => /\.(csv|tsv|jsonl|ndjson)$/i.test(name)));
  }
  return files.slice(0, filesLookedAt);
}

/** Column names of a table, or keys of the first JSON record. */
async function fieldsOf(file: string): Promise<readonly string[]> {
  const handle = await open(file);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(64 * 1024), 0, 64 * 1024, 0).finally(() => handle.close());
  const first = buffer.toString('utf8', 0, bytesRead).replace(/^\ufeff/, '').trimStart().split(/\r?\n/, 1)[0] ?? '';
  if (first.startsWith('{')) {
    try { return Object.keys(JSON.parse(first) as object); } catch { return []; }
  }
  const { default: Papa } = await import('papaparse');
  const delimiter = ['\t', ',', ';'].find(candidate => first.includes(candidate)) ?? ',';
  return (Papa.parse<string[]>(first, { delimiter }).data[0] ?? []).map(name => name.trim()).filter(name => name !== '');
}
