import { open, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import type { FieldMapping } from '../../core/evidence/readers/types';

const key = 'kedrec.evidence.mappings';
// A folder with more generic files than this is judged by the first ones.
const filesLookedAt = 200;

/** Mappings by the path of their file. */
export type FieldMappings = Readonly<Record<string, FieldMapping>>;

/**
 * Mappings for the generic tables and JSON Lines whose fields cannot be guessed: one for each table, asked of the user. Tables with the
 * same fields share an answer, and answers are remembered in the workspace. `'cancelled'` when the user left a question.
 */
export async function mappingsFor(inputs: readonly string[], memory: vscode.Memento): Promise<FieldMappings | 'cancelled'> {
  const mappings: Record<string, FieldMapping> = {};
  const answered = new Map<string, FieldMapping>();
  for (const file of await unknownFiles(inputs)) {
    const fields = await fieldsOf(file);
    if (fields.length === 0) { continue; }
    const signature = JSON.stringify(fields);
    const mapping = answered.get(signature) ?? await mappingOf(file, fields, signature, memory);
    if (!mapping) { return 'cancelled'; }
    answered.set(signature, mapping);
    mappings[file] = mapping;
  }
  return mappings;
}

async function mappingOf(file: string, fields: readonly string[], signature: string, memory: vscode.Memento): Promise<FieldMapping | undefined> {
  const remembered = memory.get<FieldMappings>(key, {});
  const known = remembered[signature];
  if (known) {
    const again = await useAgain(file, known);
    if (again !== 'ask') { return again; }
  }
  const mapping = await ask(file, fields);
  if (mapping) { await memory.update(key, { ...remembered, [signature]: mapping }); }
  return mapping;
}

/** The mapping given for such fields before, if it is right again; undefined when the user left. */
async function useAgain(file: string, known: FieldMapping): Promise<FieldMapping | undefined | 'ask'> {
  const text = typeof known.text === 'string' ? known.text : known.text.join(', ');
  const again: vscode.QuickPickItem = { label: 'Same Fields as Before', detail: `id: ${known.id ?? 'file and record number'}, title: ${known.title ?? 'none'}, text: ${text}` };
  const choice = await vscode.window.showQuickPick([again, { label: 'Choose Other Fields...' }], { title: `Fields of ${basename(file)}`, ignoreFocusOut: true });
  return choice === again ? known : choice ? 'ask' : undefined;
}

async function ask(file: string, fields: readonly string[]): Promise<FieldMapping | undefined> {
  const title = `Fields of ${basename(file)} (used for tables with the same fields, too)`;
  const none = '$(circle-slash) None';
  const id = await vscode.window.showQuickPick([...fields, none], { title, placeHolder: 'Field with the id of a document; none: ids are made of file and record number', ignoreFocusOut: true });
  if (id === undefined) { return undefined; }
  const heading = await vscode.window.showQuickPick([...fields, none], { title, placeHolder: 'Field with the title', ignoreFocusOut: true });
  if (heading === undefined) { return undefined; }
  const text = await vscode.window.showQuickPick([...fields], { title, placeHolder: 'Fields with the text; each of several becomes a section', canPickMany: true, ignoreFocusOut: true });
  if (!text || text.length === 0) { return undefined; }
  return { ...(id === none ? {} : { id }), ...(heading === none ? {} : { title: heading }), text: text.length === 1 ? text[0]! : text };
}

/** The generic files of which the readers say that a mapping is needed. */
async function unknownFiles(inputs: readonly string[]): Promise<readonly string[]> {
  const { readFileRecords } = await import('../../core/evidence/readers/readFile');
  const unknown: string[] = [];
  for (const file of await genericFiles(inputs)) {
    let needed = false;
    const records = readFileRecords(file, { onProblem: ({ reason }) => { needed ||= reason.includes('give a field mapping'); } });
    // The first record shows that the fields are known; the rest is not read.
    for await (const _ of records) { break; }
    if (needed) { unknown.push(file); }
  }
  return unknown;
}

async function genericFiles(inputs: readonly string[]): Promise<readonly string[]> {
  const files: string[] = [];
  for (const input of inputs) {
    const names = (await stat(input)).isDirectory() ? (await readdir(input, { recursive: true })).sort().map(name => join(input, name)) : [input];
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
