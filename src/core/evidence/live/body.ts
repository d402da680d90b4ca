import { rootElement } from '../readers/xmlRecords';

/** Longest answer, in bytes, as it is or unpacked. */
export const LARGEST_ANSWER = 64 << 20;

/** An answer's body was cut off, is not what it should be, or is too large. */
export class BodyError extends Error {
  constructor(readonly reason: 'damaged' | 'too-large', message: string) { super(message); }
}

/** Reads a whole body. Throws BodyError when it is larger than allowed or shorter or longer than announced. `onBytes` is called with each piece. */
export async function readBody(response: Response, onBytes: () => void, largest = LARGEST_ANSWER): Promise<Uint8Array> {
  const packed = response.headers.has('content-encoding') && response.headers.get('content-encoding') !== 'identity';
  const announced = packed ? undefined : announcedLength(response.headers.get('content-length'));
  if (announced !== undefined && announced > largest) throw tooLarge(largest);
  const pieces: Uint8Array[] = [];
  let length = 0;
  const reader = response.body?.getReader();
  for (let next = await reader?.read(); next !== undefined && !next.done; next = await reader?.read()) {
    const piece = next.value as Uint8Array;
    length += piece.length;
    if (length > largest) {
      await reader?.cancel().catch(() => undefined);
      throw tooLarge(largest);
    }
    pieces.push(piece);
    onBytes();
  }
  if (announced !== undefined && announced !== length) throw new BodyError('damaged', `${length} of ${announced} bytes arrived`);
  return Buffer.concat(pieces);
}

/** The text of a whole answer. Throws BodyError when it is cut off or of another kind. */
export function wholeText(bytes: Uint8Array, kind: 'json' | 'xml'): string {
  let text: string;
  try { text = new TextDecoder('utf-8', { fatal: true }).decode(bytes); } catch { throw new BodyError('damaged', 'it is not UTF-8'); }
  if (kind === 'json') {
    try { JSON.parse(text); } catch { throw new BodyError('damaged', 'its JSON is broken or cut off'); }
    return text;
  }
  const root = rootElement(text.slice(0, 64 * 1024));
  if (root === undefined) throw new BodyError('damaged', 'it is no XML');
  const end = text.slice(-4096).replace(/(?:\s|<!--[^]*?-->)+$/, '');
  if (!end.endsWith('>') || !new RegExp(`(?:</${root.replace(/[.]/g, '\\.')}\\s*>|<${root}[^<>]*/>)$`).test(end)) throw new BodyError('damaged', 'its XML is cut off');
  return text;
}

function announcedLength(value: string | null): number | undefined {
  return value !== null && /^\d+$/.test(value.trim()) ? Number(value) : undefined;
}

function tooLarge(largest: number): BodyError {
  return new BodyError('too-large', `it is larger than ${largest >> 20} MiB`);
}
