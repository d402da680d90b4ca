/** SPDX id of a Creative Commons address or name in a licence statement; else the first words of the statement. */
export function licenceId(text: string): string | undefined {
  const address = /creativecommons\.org\/(?:licenses\/([a-z-]+)\/(\d\.\d)|publicdomain\/(zero|mark)\/1\.0)/i.exec(text);
  if (address) return address[1] === undefined ? (address[3]!.toLowerCase() === 'zero' ? 'CC0-1.0' : 'PDM-1.0') : `CC-${address[1].toUpperCase()}-${address[2]}`;
  const short = /^\s*cc[ -]?(0|by(?:-(?:nc|sa|nd))*)(?:[ -](\d\.\d))?\s*$/i.exec(text);
  if (short) return short[1] === '0' ? 'CC0-1.0' : `CC-${short[1]!.toUpperCase()}${short[2] === undefined ? '' : `-${short[2]}`}`;
  const plain = text.replace(/\s+/g, ' ').trim();
  if (plain === '') return undefined;
  if (/creative commons attribution[- ]non-?commercial/i.test(plain)) return 'Creative Commons Attribution-NonCommercial (version not stated)';
  if (/creative commons attribution/i.test(plain)) return 'Creative Commons Attribution (version not stated)';
  return 'see the article\'s own licence statement';
}
