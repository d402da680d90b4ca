import { readFile } from 'node:fs/promises';
import { maxCaseLength } from '../core/recommend/limits';
import { UsageError } from './errors';

/** Longest UTF-8 form of a case that could still be short enough. */
const maxBytes = 4 * maxCaseLength;

/** The text of a case from a file, or from standard input for `-`. Throws UsageError for what is no text or no single case. */
export async function readCaseText(file: string): Promise<string> {
  const name = file === '-' ? 'standard input' : file;
  const bytes = file === '-' ? await readStandardInput() : await readBytes(file);
  if (bytes.length === 0) { throw new UsageError(`${name} is empty. Give it the text of a case.`); }
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) { throw new UsageError(`${name} is UTF-16. Save it as UTF-8.`); }
  if (bytes.subarray(0, 20_000).includes(0)) { throw new UsageError(`${name} is not text (it holds NUL bytes). Give a case note in plain text or Markdown.`); }
  let text: string;
  try { text = new TextDecoder('utf-8', { fatal: true }).decode(bytes); } catch (error) { throw new UsageError(`${name} is not valid UTF-8. Save it as UTF-8.`, { cause: error }); }
  if (text.trim() === '') { throw new UsageError(`${name} has no text. Give it the text of a case.`); }
  if (text.length > maxCaseLength) { throw new UsageError(`${name} has ${text.length} characters; one case can have ${maxCaseLength}. Give only the part that describes the case.`); }
  return text.replace(/\r\n?/g, '\n');
}

async function readBytes(file: string): Promise<Buffer> {
  let bytes: Buffer;
  try { bytes = await readFile(file); } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const why = { ENOENT: 'does not exist', EISDIR: 'is a folder, not a file', EACCES: 'may not be read' }[code ?? ''] ?? `cannot be read (${code ?? 'unknown error'})`;
    throw new UsageError(`${file} ${why}.`, { cause: error });
  }
  if (bytes.length > maxBytes) { throw new UsageError(`${file} has ${bytes.length} bytes, too many for one case. Give only the part that describes the case.`); }
  return bytes;
}

async function readStandardInput(): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of process.stdin as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > maxBytes) { throw new UsageError('Standard input is too long for one case. Give only the part that describes the case.'); }
    parts.push(part);
  }
  return Buffer.concat(parts);
}
