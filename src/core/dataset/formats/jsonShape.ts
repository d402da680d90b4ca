import type { JsonShape } from './jsonCutter';
import { looksLikeRecord } from './fields';
import type { RecordMapping } from '../recordTypes';

const longestSample = 1 << 20;

/**
 * Finds where the records of a JSON text stand, in one pass over chunks: a list at the root, the root itself when it holds a case, else
 * the first list under a key whose first object holds one, else the first list of objects.
 */
export class JsonProbe {
  private depth = 0;
  private root = 0;
  private inString = false;
  private escaped = false;
  private token = '';
  private tokenStart = -1;
  private key: string | undefined;
  private expectValue = false;
  private readonly members: Record<string, unknown> = {};
  private readonly lists: { readonly key: string; sample: string; done: boolean }[] = [];
  private sampling = false;
  private sampleStart = -1;

  /** False when the rest of the text need not be seen. */
  push(chunk: string): boolean {
    if (this.root === 0x5b) { return false; }
    if (this.tokenStart >= 0) { this.tokenStart = 0; }
    if (this.sampling) { this.sampleStart = 0; }
    for (let i = 0; i < chunk.length; i++) {
      const code = chunk.charCodeAt(i);
      if (this.inString) {
        if (this.escaped) { this.escaped = false; }
        else if (code === 0x5c) { this.escaped = true; }
        else if (code === 0x22 || code === 10) { this.inString = false; this.endToken(chunk, i); }
        continue;
      }
      if (code === 0x22) {
        this.inString = true;
        if (this.depth === 1) { this.tokenStart = i + 1; this.token = ''; }
      } else if (code === 0x7b || code === 0x5b) {
        this.root ||= code;
        if (this.root === 0x5b) { return false; }
        const list = this.lists.at(-1);
        if (this.depth === 1 && code === 0x5b && this.key !== undefined) { this.lists.push({ key: this.key, sample: '', done: false }); }
        else if (this.depth === 2 && code === 0x7b && list && list.key === this.key && !list.done) { this.sampling = true; this.sampleStart = i; }
        this.depth++;
      } else if (code === 0x7d || code === 0x5d) {
        this.depth--;
        if (this.depth === 2 && this.sampling) { this.endSample(chunk, i + 1); }
      } else if (this.depth === 1 && code === 0x3a) { this.expectValue = true; }
      else if (this.depth === 1 && code === 0x2c) { this.expectValue = false; this.key = undefined; }
    }
    if (this.tokenStart >= 0 && this.token.length < longestSample) { this.token += chunk.slice(this.tokenStart); }
    if (this.sampling) {
      const list = this.lists.at(-1)!;
      list.sample += chunk.slice(this.sampleStart);
      if (list.sample.length > longestSample) { list.sample = ''; list.done = true; this.sampling = false; }
    }
    return true;
  }

  /** A FHIR Bundle: a root object that says so. */
  get isBundle(): boolean { return this.members['resourceType'] === 'Bundle'; }

  /** Undefined for a text that holds no records. */
  shape(mapping?: RecordMapping): { readonly shape: JsonShape; readonly sure: boolean } | undefined {
    if (this.root === 0x5b) { return { shape: { kind: 'array' }, sure: true }; }
    if (this.root === 0) { return undefined; }
    if (looksLikeRecord(this.members, mapping)) { return { shape: { kind: 'single' }, sure: true }; }
    const found = this.lists.find(({ sample }) => { try { return looksLikeRecord(JSON.parse(sample) as Record<string, unknown>, mapping); } catch { return false; } });
    const list = found ?? this.lists.find(({ sample }) => sample !== '');
    return list ? { shape: { kind: 'key', key: list.key }, sure: found !== undefined } : { shape: { kind: 'single' }, sure: false };
  }

  private endToken(chunk: string, end: number): void {
    if (this.tokenStart < 0) { return; }
    const raw = this.token + chunk.slice(this.tokenStart, end);
    this.tokenStart = -1;
    let text = raw;
    try { text = JSON.parse(`"${raw}"`) as string; } catch { /* as it stands */ }
    if (this.expectValue) { if (this.key !== undefined) { this.members[this.key] = text; } } else { this.key = text; }
  }

  private endSample(chunk: string, end: number): void {
    const list = this.lists.at(-1)!;
    list.sample += chunk.slice(this.sampleStart, end);
    list.done = true;
    this.sampling = false;
  }
}
