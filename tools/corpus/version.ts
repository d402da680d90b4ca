import { createHash } from 'node:crypto';

/** Short version of some content: the first 12 hex digits of the SHA-256 of its JSON. */
export function contentVersion(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 12);
}
