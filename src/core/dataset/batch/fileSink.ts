import { open, type FileHandle } from 'node:fs/promises';
import type { BatchEvent, BatchSink } from './types';

const newline = 0x0a;
const readAtOnce = 64 * 1024;

/** What of a file handle a sink needs; a test can make one that fails. */
export type SinkFile = Pick<FileHandle, 'write' | 'read' | 'stat' | 'truncate' | 'datasync' | 'close'>;

/**
 * Writes events as JSON Lines to the end of a file: one write and one sync a group. A line that a crash cut off is closed first, never merged with;
 * what a failed write left behind is taken back. Others may append to the same file meanwhile.
 */
export class FileSink implements BatchSink {
  private end = -1;
  private broken: unknown;

  constructor(private readonly file: SinkFile) {}

  /** Opens or makes the file. Rejects with the system's error. */
  static async open(path: string): Promise<FileSink> { return new FileSink(await open(path, 'a+')); }

  async append(events: readonly BatchEvent[]): Promise<readonly number[]> {
    // After a failed write nobody knows what is on the disk; going on could write twice.
    if (this.broken) { throw this.broken; }
    const { size } = await this.file.stat();
    const lead = size > 0 && size !== this.end && !(await this.endsLine(size)) ? '\n' : '';
    const lines = events.map(event => Buffer.from(`${JSON.stringify(event)}\n`, 'utf8'));
    const data = Buffer.concat([Buffer.from(lead), ...lines]);
    let written = 0;
    try {
      // A disk that is nearly full takes a part of what it is given.
      while (written < data.length) { written += (await this.file.write(data, written, data.length - written, null)).bytesWritten; }
      await this.file.datasync();
    } catch (error) {
      this.broken = error;
      await this.takeBack(size, written);
      throw error;
    }
    this.end = size + data.length;
    let position = size + lead.length;
    return lines.map(line => { const start = position; position += line.length; return start; });
  }

  async read(position: number): Promise<BatchEvent | undefined> {
    const parts: Buffer[] = [];
    for (let at = position; ;) {
      const { buffer, bytesRead } = await this.file.read(Buffer.allocUnsafe(readAtOnce), 0, readAtOnce, at);
      const end = buffer.subarray(0, bytesRead).indexOf(newline);
      parts.push(buffer.subarray(0, end < 0 ? bytesRead : end));
      if (end >= 0 || bytesRead === 0) { break; }
      at += bytesRead;
    }
    try { return JSON.parse(Buffer.concat(parts).toString('utf8')) as BatchEvent; } catch { return undefined; }
  }

  async close(): Promise<void> { await this.file.close(); }

  /** Removes the bytes of a group that did not get whole onto the disk, unless somebody else has appended, too. */
  private async takeBack(size: number, written: number): Promise<void> {
    try { if ((await this.file.stat()).size === size + written) { await this.file.truncate(size); } } catch { /* the next opening closes the torn line */ }
  }

  private async endsLine(size: number): Promise<boolean> {
    const { buffer, bytesRead } = await this.file.read(Buffer.alloc(1), 0, 1, size - 1);
    return bytesRead === 1 && buffer[0] === newline;
  }
}
