import { open, readdir, rename, unlink, type FileHandle } from 'node:fs/promises';
import { basename, dirname, extname } from 'node:path';

const bufferBytes = 1 << 20;

/** A file of lines that gets its name only when it is whole. */
class LineFile {
  private parts: string[] = [];
  private size = 0;

  private constructor(readonly path: string, private readonly file: FileHandle) {}

  static async create(path: string): Promise<LineFile> { return new LineFile(path, await open(`${path}.partial`, 'w')); }

  async add(line: string): Promise<void> {
    this.parts.push(line, '\n');
    this.size += line.length + 1;
    if (this.size >= bufferBytes) { await this.flush(); }
  }

  async finish(): Promise<void> {
    await this.flush();
    await this.file.sync();
    await this.file.close();
    await rename(`${this.path}.partial`, this.path);
  }

  async discard(): Promise<void> {
    await this.file.close().catch(() => undefined);
    await unlink(`${this.path}.partial`).catch(() => undefined);
  }

  private async flush(): Promise<void> {
    const text = this.parts.join('');
    [this.parts, this.size] = [[], 0];
    await this.file.writeFile(text);
  }
}

/** Requests in one file or in shards of so many, and their manifest beside them. Files without their manifest are not whole. */
export class RequestFiles {
  /** Paths of the finished files of requests. */
  readonly written: string[] = [];
  private current: LineFile | undefined;
  private inShard = 0;

  private constructor(private readonly path: string, private readonly manifest: LineFile, private readonly shardSize: number | undefined) {}

  static async create(path: string, manifest: string, shardSize?: number): Promise<RequestFiles> { return new RequestFiles(path, await LineFile.create(manifest), shardSize); }

  async addRequest(line: string): Promise<void> {
    if (this.current && this.inShard === this.shardSize) { await this.finishShard(); }
    this.current ??= await LineFile.create(this.shardSize === undefined ? this.path : shardName(this.path, this.written.length + 1));
    await this.current.add(line);
    this.inShard++;
  }

  async addToManifest(line: string): Promise<void> { await this.manifest.add(line); }

  async finish(): Promise<void> {
    if (this.current) { await this.finishShard(); }
    await this.manifest.finish();
  }

  /** Takes back what is not whole. */
  async discard(): Promise<void> {
    await this.current?.discard();
    await this.manifest.discard();
    for (const path of this.written) { await unlink(path).catch(() => undefined); }
  }

  private async finishShard(): Promise<void> {
    await this.current?.finish();
    if (this.current) { this.written.push(this.current.path); }
    [this.current, this.inShard] = [undefined, 0];
  }
}

/** `requests.jsonl`, 3 -> `requests.00003.jsonl`. */
export function shardName(path: string, number: number): string {
  const ending = extname(path);
  return `${path.slice(0, path.length - ending.length)}.${String(number).padStart(5, '0')}${ending}`;
}

/** Names of the shards of a file of requests that are there already, whatever their numbers. */
export async function shardsThere(path: string): Promise<readonly string[]> {
  const [first = '', last = ''] = shardName(basename(path), 0).split('00000', 2);
  const names = await readdir(dirname(path)).catch(() => []);
  return names.filter(name => name.startsWith(first) && name.endsWith(last) && /^\d{5,}$/.test(name.slice(first.length, name.length - last.length)));
}
