import { TempFile } from './tempFile';

export const pageBytes = 4096;

interface Page {
  readonly bytes: Uint8Array;
  readonly words: Uint32Array;
  readonly numbers: Float64Array;
  number: number;
  changed: boolean;
}

/** Numbered pages, zero at first: so many stay in memory, the others in a temporary file that is made when it is first needed. */
export class Pages {
  /** Page `n` is kept in place `n % most`. */
  private readonly kept: (Page | undefined)[] = [];
  private file: TempFile | undefined;

  constructor(private readonly most: number, private readonly folder?: string) {}

  /** Bytes in memory. */
  get residentBytes(): number { return this.kept.reduce((sum, page) => sum + (page ? pageBytes : 0), 0); }

  /** Whether pages were moved to the disk. */
  get isOnDisk(): boolean { return this.file !== undefined; }

  /** The page, valid until the next call. `willChange`: it is going to be written to. Throws TempFileError. */
  at(number: number, willChange: boolean): Page {
    const place = number % this.most;
    let page = this.kept[place];
    if (!page) {
      const buffer = new ArrayBuffer(pageBytes);
      page = { bytes: new Uint8Array(buffer), words: new Uint32Array(buffer), numbers: new Float64Array(buffer), number, changed: false };
      this.kept[place] = page;
      this.file?.read(page.bytes, number * pageBytes);
    } else if (page.number !== number) {
      this.file ??= new TempFile(this.folder);
      if (page.changed) { this.file.write(page.bytes, page.number * pageBytes); }
      // Known to hold no page while it is read: an error must not leave one half of another.
      [page.number, page.changed] = [-1, false];
      this.file.read(page.bytes, number * pageBytes);
      page.number = number;
    }
    if (willChange) { page.changed = true; }
    return page;
  }

  close(): void {
    this.kept.length = 0;
    this.file?.close();
    this.file = undefined;
  }
}
