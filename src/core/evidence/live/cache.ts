import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What is kept with a saved answer. */
export interface CachedMeta {
  /** Without keys and e-mail. */
  readonly url: string;
  /** ISO 8601: when the service answered. */
  readonly at: string;
  readonly sha256: string;
  readonly status: number;
}

export interface CachedAnswer extends CachedMeta {
  readonly path: string;
  readonly bytes: Uint8Array;
}

const DAY = 86_400_000;
/** Answers older than this are deleted; without network, what is younger can still be used. */
const KEPT_DAYS = 180;

export function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Answers of the services as they came, in a folder for each service and day: `FOLDER/pubmed/2026-01-31/HASH.xml` with `HASH.meta.json` beside it. */
export class AnswerCache {
  constructor(private readonly folder: string) {}

  /** The newest answer for a key that is at most `maxAgeMs` old; undefined when there is none or it is damaged. */
  async find(service: string, key: string, maxAgeMs: number, now: number): Promise<CachedAnswer | undefined> {
    const name = sha256(key).slice(0, 32);
    for (const day of (await this.days(service)).reverse()) {
      if (now - Date.parse(day) > maxAgeMs + DAY) return undefined;
      const folder = join(this.folder, service, day);
      const meta = await this.meta(join(folder, `${name}.meta.json`));
      if (meta === undefined) continue;
      if (now - Date.parse(meta.at) > maxAgeMs) return undefined;
      const path = join(folder, `${name}.${meta.kind}`);
      const bytes = await readFile(path).catch(() => undefined);
      if (bytes !== undefined && sha256(bytes) === meta.sha256) return { ...meta, path, bytes };
    }
    return undefined;
  }

  /** Saves an answer; its file is there as a whole or not at all. */
  async save(service: string, key: string, kind: 'json' | 'xml', bytes: Uint8Array, meta: CachedMeta): Promise<string> {
    const folder = join(this.folder, service, meta.at.slice(0, 10));
    await mkdir(folder, { recursive: true });
    const name = sha256(key).slice(0, 32);
    const path = join(folder, `${name}.${kind}`);
    await whole(path, bytes);
    await whole(join(folder, `${name}.meta.json`), JSON.stringify({ ...meta, kind }));
    return path;
  }

  /** Deletes what is too old to be used at all. */
  async prune(now: number): Promise<void> {
    for (const service of await readdir(this.folder).catch(() => [])) {
      for (const day of await this.days(service)) {
        if (now - Date.parse(day) > KEPT_DAYS * DAY) await rm(join(this.folder, service, day), { recursive: true, force: true });
      }
    }
  }

  private async days(service: string): Promise<string[]> {
    const names = await readdir(join(this.folder, service)).catch(() => []);
    return names.filter(name => /^\d{4}-\d\d-\d\d$/.test(name)).sort();
  }

  private async meta(path: string): Promise<(CachedMeta & { readonly kind: string }) | undefined> {
    try {
      const value = JSON.parse(await readFile(path, 'utf8')) as CachedMeta & { readonly kind: string };
      return typeof value.at === 'string' && typeof value.sha256 === 'string' && (value.kind === 'json' || value.kind === 'xml') ? value : undefined;
    } catch { return undefined; }
  }
}

async function whole(path: string, content: Uint8Array | string): Promise<void> {
  const temporary = `${path}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    await writeFile(temporary, content);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
