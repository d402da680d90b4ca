import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Node, type YAMLMap } from 'yaml';
import type { Problem } from './problems';

/** One item of an authored YAML file, read field by field; every misfit becomes a problem with its line. */
export class Entry {
  private readonly used = new Set<string>();

  constructor(
    readonly file: string,
    private readonly map: YAMLMap,
    private readonly lines: LineCounter,
    private readonly problems: Problem[],
    /** Id of the entry itself, or of the one that it is nested in. */
    readonly id: string | undefined,
  ) {}

  /** 1-based line of the field's value, or of the entry when the field is absent. */
  lineOf(field?: string, index?: number): number {
    let node: unknown = field === undefined ? this.map : (this.map.get(field, true) ?? this.map);
    if (index !== undefined && isSeq(node)) node = node.items[index] ?? node;
    const offset = (node as Node).range?.[0];
    return offset === undefined ? 0 : this.lines.linePos(offset).line;
  }

  report(level: Problem['level'], field: string | undefined, message: string, index?: number): void {
    this.problems.push({ level, file: this.file, line: this.lineOf(field, index), id: this.id, field, message });
  }

  has(field: string): boolean {
    return this.map.has(field);
  }

  /** Text of a field. A number is taken as text (`doid: 9352`). Undefined when absent. */
  text(field: string, required = false): string | undefined {
    this.used.add(field);
    const value = this.map.get(field);
    if (value === undefined || value === null || value === '') {
      if (required) this.report('error', field, 'is missing');
      return undefined;
    }
    if (typeof value === 'string') return value.replace(/\s+/g, ' ').trim();
    if (typeof value === 'number') return this.sourceOf(field) ?? String(value);
    this.report('error', field, 'must be text');
    return undefined;
  }

  integer(field: string, required = false): number | undefined {
    this.used.add(field);
    const value = this.map.get(field);
    if (value === undefined || value === null) {
      if (required) this.report('error', field, 'is missing');
      return undefined;
    }
    if (typeof value === 'number' && Number.isInteger(value)) return value;
    this.report('error', field, 'must be a whole number');
    return undefined;
  }

  /** False when missing. */
  flag(field: string): boolean {
    this.used.add(field);
    const value = this.map.get(field);
    if (value !== undefined && value !== null && typeof value !== 'boolean') this.report('error', field, 'must be true or false');
    return value === true;
  }

  choice<T extends string>(field: string, values: readonly T[], required = false): T | undefined {
    const value = this.text(field, required);
    if (value === undefined) return undefined;
    if ((values as readonly string[]).includes(value)) return value as T;
    this.report('error', field, `"${value}" is none of ${values.join(', ')}`);
    return undefined;
  }

  /** List of texts; empty when absent. */
  texts(field: string): string[] {
    this.used.add(field);
    const value: unknown = this.map.get(field);
    if (value === undefined || value === null) return [];
    if (!isSeq(value)) {
      this.report('error', field, 'must be a list: [a, b]');
      return [];
    }
    const texts: string[] = [];
    value.items.forEach((item, index) => {
      const content: unknown = isScalar(item) ? item.value : undefined;
      if (typeof content === 'number' && isScalar(item)) texts.push(item.source ?? String(content));
      else if (typeof content === 'string' && content.trim() !== '') texts.push(content.replace(/\s+/g, ' ').trim());
      else this.report('error', field, 'each item must be text (quote it if it holds a colon, or is a word such as no)', index);
    });
    return texts;
  }

  /** List of nested entries; empty when absent. */
  entries(field: string): Entry[] {
    this.used.add(field);
    const value: unknown = this.map.get(field);
    if (value === undefined || value === null) return [];
    if (!isSeq(value)) {
      this.report('error', field, 'must be a list of entries');
      return [];
    }
    return value.items.flatMap((item, index) => {
      if (isMap(item)) return [new Entry(this.file, item as YAMLMap, this.lines, this.problems, this.id)];
      this.report('error', field, 'each item must have fields', index);
      return [];
    });
  }

  /** A nested entry, or undefined when absent. */
  entry(field: string): Entry | undefined {
    this.used.add(field);
    const value: unknown = this.map.get(field);
    if (value === undefined || value === null) return undefined;
    if (isMap(value)) return new Entry(this.file, value as YAMLMap, this.lines, this.problems, this.id);
    this.report('error', field, 'must have fields: { key: value }');
    return undefined;
  }

  /** Reports fields that nothing asked for: they are spelling errors. */
  finish(): void {
    for (const pair of this.map.items) {
      const key = isScalar(pair.key) ? String(pair.key.value) : undefined;
      if (key !== undefined && !this.used.has(key)) this.report('error', key, 'is not a field of this kind of entry');
    }
  }

  private sourceOf(field: string): string | undefined {
    const node = this.map.get(field, true);
    return isScalar(node) && typeof node.source === 'string' ? node.source : undefined;
  }
}

/** Paths of all `.yaml` files under a folder, sorted; empty when there is no such folder. */
export function yamlFiles(folder: string): string[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.ya?ml$/.test(name)).sort().map((name) => join(folder, name));
}

/** Entries of one file. What is not readable YAML, or no list, becomes a problem. */
export function readEntries(corpusDir: string, path: string, problems: Problem[]): Entry[] {
  const file = relative(corpusDir, path).split(sep).join('/');
  const lines = new LineCounter();
  const document = parseDocument(readFileSync(path, 'utf8'), { lineCounter: lines });
  for (const issue of [...document.errors, ...document.warnings]) {
    const line = lines.linePos(issue.pos[0]).line;
    problems.push({ level: issue.name === 'YAMLParseError' ? 'error' : 'warning', file, line, message: issue.message.split('\n')[0] ?? issue.code });
  }
  if (document.errors.length > 0 || document.contents === null) return [];
  const { contents } = document;
  if (!isSeq(contents)) {
    problems.push({ level: 'error', file, line: 1, message: 'the file must be a list of entries, each beginning with "- id:"' });
    return [];
  }
  return contents.items.flatMap((item) => {
    if (isMap(item)) {
      const id: unknown = item.get('id');
      return [new Entry(file, item as YAMLMap, lines, problems, typeof id === 'string' ? id : undefined)];
    }
    const offset = (item as Node).range?.[0] ?? 0;
    problems.push({ level: 'error', file, line: lines.linePos(offset).line, message: 'is no entry: it has no fields' });
    return [];
  });
}
