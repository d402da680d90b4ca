import { stat } from 'node:fs/promises';
import { basename } from 'node:path';

const checkEveryMs = 1000;

/** Another program changed a file while it was read. What was written before stays right: it is kept by the text of its record. */
export class FileChangedError extends Error {
  constructor(path: string) {
    super(`${basename(path)} was changed by another program during the batch, so the batch has ended. Nothing that was written is lost: run again with resume; records whose text is still the same are not asked again.`);
    this.name = 'FileChangedError';
  }
}

/** Gives the items of a file on as long as the file is what it was: looked at once a second, and at the end. Throws FileChangedError. */
export async function* whileUnchanged<T>(path: string, items: AsyncIterable<T>): AsyncGenerator<T> {
  const identity = async (): Promise<string> => {
    const { size, mtimeNs, ino } = await stat(path, { bigint: true });
    return `${size} ${mtimeNs} ${ino}`;
  };
  const before = await identity();
  const check = async (): Promise<void> => { if ((await identity().catch(() => 'gone')) !== before) { throw new FileChangedError(path); } };
  let checked = performance.now();
  for await (const item of items) {
    if (performance.now() - checked > checkEveryMs) {
      await check();
      checked = performance.now();
    }
    yield item;
  }
  await check();
}
