import { mkdtemp, open, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EvidenceDocument } from '../types';

const BATCH = 1 << 20;

/** Documents kept in a temporary file until all are read: which of two with one id is the newest is known only then. */
export class DocumentSpill {
  private batch: string[] = [];
  private batchLength = 0;
  private count = 0;

  private constructor(private readonly directory: string, private readonly handle: FileHandle) {}

  /** Opens a spill in a fresh directory below `parent` (the system's one for temporary files by default). */
  static async open(parent = tmpdir()): Promise<DocumentSpill> {
    const directory = await mkdtemp(join(parent, 'kedrec-corpus-'));
    return new DocumentSpill(directory, await open(join(directory, 'documents.jsonl'), 'w+'));
  }

  /** Adds a document and resolves to its number. */
  async add(document: EvidenceDocument): Promise<number> {
    const line = JSON.stringify(document);
    this.batch.push(line);
    this.batchLength += line.length;
    if (this.batchLength >= BATCH) await this.flush();
    return this.count++;
  }

  /** The documents whose numbers are wanted, in the order they came. */
  async *read(wanted: (number: number) => boolean): AsyncGenerator<EvidenceDocument> {
    await this.flush();
    const decoder = new TextDecoder();
    const buffer = new Uint8Array(BATCH);
    let [rest, number, position] = ['', 0, 0];
    for (;;) {
      const { bytesRead } = await this.handle.read(buffer, 0, buffer.length, position);
      if (bytesRead === 0) return;
      position += bytesRead;
      const pieces = (rest + decoder.decode(buffer.subarray(0, bytesRead), { stream: true })).split('\n');
      rest = pieces.pop()!;
      for (const line of pieces) {
        if (wanted(number++)) yield JSON.parse(line) as EvidenceDocument;
      }
    }
  }

  /** Closes and removes the file. */
  async dispose(): Promise<void> {
    await this.handle.close();
    await rm(this.directory, { recursive: true, force: true });
  }

  private async flush(): Promise<void> {
    if (this.batch.length === 0) return;
    const text = `${this.batch.join('\n')}\n`;
    [this.batch, this.batchLength] = [[], 0];
    await this.handle.appendFile(text);
  }
}
