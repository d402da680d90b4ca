import { LiveSourceError } from './errors';

const LONGEST_NAME = 100;

/**
 * A disease's or drug's name without anything that a service would take for an operator.
 * Throws LiveSourceError for what is no name: empty, several lines, or too long. That also keeps text of a case from being sent by mistake.
 */
export function plainName(text: string, what: 'disease' | 'drug'): string {
  if (/[\r\n]/.test(text.trim()) || text.trim().length > LONGEST_NAME) {
    throw new LiveSourceError('bad-name', what, `Give the name of a ${what} alone, on one line and at most ${LONGEST_NAME} characters long. Only names are sent to the services.`);
  }
  const plain = text.replace(/["\\[\]{}()<>:;^~*?!|&=#%]/g, ' ').replace(/\b(AND|OR|NOT)\b/g, word => word.toLowerCase()).replace(/\s+/g, ' ').trim();
  if (!/[\p{L}\p{N}]/u.test(plain)) throw new LiveSourceError('bad-name', what, `Give the name of a ${what}, such as "${what === 'disease' ? 'heart failure' : 'dapagliflozin'}".`);
  return plain;
}
