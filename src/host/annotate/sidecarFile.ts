import { open, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as vscode from 'vscode';
import type { AnnotationEvent } from '../../core/dataset/annotationTypes';
import { appendix, sidecarName } from '../../core/dataset/sidecar';

/** The sidecar beside a document; undefined where there is no folder beside it (untitled, virtual read-only documents). */
export function sidecarUri(document: vscode.Uri): vscode.Uri | undefined {
  if (document.scheme === 'untitled' || !vscode.workspace.fs.isWritableFileSystem(document.scheme)) { return undefined; }
  const slash = document.path.lastIndexOf('/');
  return document.with({ path: `${document.path.slice(0, slash + 1)}${sidecarName(document.path.slice(slash + 1))}`, query: '', fragment: '' });
}

const sliceBytes = 1 << 18;

/**
 * Feeds a sidecar's bytes from `from` on, in slices between which others get their turn. `missing` when there is none; `replaced` when it is shorter
 * than `from`, or the bytes before it are not `before`. Rejects when it exists and cannot be read.
 */
export async function readSidecar(uri: vscode.Uri, from: number, before: Uint8Array, take: (bytes: Uint8Array) => Promise<void>): Promise<'read' | 'missing' | 'replaced'> {
  const pause = () => new Promise(resolve => setImmediate(resolve));
  if (uri.scheme !== 'file') {
    let bytes: Uint8Array;
    try { bytes = await vscode.workspace.fs.readFile(uri); } catch (error) { if (isNotFound(error)) { return from > 0 ? 'replaced' : 'missing'; } throw error; }
    if (bytes.length < from || Buffer.compare(bytes.subarray(from - before.length, from), before) !== 0) { return 'replaced'; }
    for (let at = from; at < bytes.length; at += sliceBytes) { await take(bytes.subarray(at, at + sliceBytes)); await pause(); }
    return 'read';
  }
  let file;
  try { file = await open(uri.fsPath, 'r'); } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') { return from > 0 ? 'replaced' : 'missing'; }
    throw error;
  }
  try {
    const buffer = Buffer.alloc(sliceBytes);
    if (from > 0) {
      const { bytesRead } = await file.read(buffer, 0, before.length, from - before.length);
      if ((await file.stat()).size < from || Buffer.compare(buffer.subarray(0, bytesRead), before) !== 0) { return 'replaced'; }
    }
    for (let at = from; ;) {
      const { bytesRead } = await file.read(buffer, 0, sliceBytes, at);
      if (bytesRead === 0) { return 'read'; }
      at += bytesRead;
      await take(buffer.subarray(0, bytesRead));
      await pause();
    }
  } finally { await file.close(); }
}

/** A piece of a sidecar; shorter where the file ends. */
export async function readBytes(uri: vscode.Uri, offset: number, length: number): Promise<Uint8Array> {
  if (uri.scheme !== 'file' || length === Infinity) { return (await vscode.workspace.fs.readFile(uri)).subarray(offset, offset + length); }
  const file = await open(uri.fsPath, 'r');
  try {
    const buffer = Buffer.alloc(length);
    const { bytesRead } = await file.read(buffer, 0, length, offset);
    return buffer.subarray(0, bytesRead);
  } finally { await file.close(); }
}

/**
 * Appends events and makes sure they are on disk. On local files this is one append, so that a crash can cut off the last line but
 * never harm an earlier one; other file systems have no append and get the whole file written anew. A missing folder is made.
 */
export async function appendToSidecar(uri: vscode.Uri, events: readonly AnnotationEvent[]): Promise<void> {
  if (uri.scheme !== 'file') { await rewrite(uri, events); return; }
  let file;
  try { file = await open(uri.fsPath, 'a+'); } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') { throw error; }
    await mkdir(dirname(uri.fsPath), { recursive: true });
    file = await open(uri.fsPath, 'a+');
  }
  try {
    const { size } = await file.stat();
    const last = size === 0 ? '' : (await file.read(Buffer.alloc(1), 0, 1, size - 1)).buffer.toString();
    await file.appendFile(appendix(last, events), 'utf8');
    await file.sync();
  } finally { await file.close(); }
}

async function rewrite(uri: vscode.Uri, events: readonly AnnotationEvent[]): Promise<void> {
  let existing = '';
  try { existing = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri)); } catch (error) { if (!isNotFound(error)) { throw error; } }
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(existing + appendix(existing, events)));
}

function isNotFound(error: unknown): boolean { return error instanceof vscode.FileSystemError && error.code === 'FileNotFound'; }

/** Why a sidecar could not be written, and what to do, without a stack. */
export function describeWriteError(error: unknown, uri: vscode.Uri): string {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const name = uri.path.split('/').pop() ?? '';
  if (['EACCES', 'EPERM', 'EROFS', 'NoPermissions'].includes(code)) { return `${name} cannot be written: the file or its folder is read-only. Make it writable and retry, or save a copy elsewhere.`; }
  if (code === 'ENOSPC') { return `${name} cannot be written: the disk is full. Free some space and retry, or save a copy elsewhere.`; }
  if (code === 'EISDIR') { return `${name} cannot be written: a folder of that name is in the way.`; }
  return `${name} cannot be written${code ? ` (${code})` : ''}. Retry, or save a copy elsewhere.`;
}
