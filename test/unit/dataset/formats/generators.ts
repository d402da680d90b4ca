const pick = <T>(random: () => number, from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
const words = ['Synthetic', 'gout', 'asthma, mild', 'caf\u00e9', '\u{1F48A}', 'a;b', 'x|y', 'tab\there', '"quoted"', '1e400', 'two\nlines', '', ' ', 'NULL', '-0.0', '=1+1', '\u2028'];
const text = (random: () => number) => Array.from({ length: 1 + Math.floor(random() * 4) }, () => pick(random, words)).join(' ');

/** A JSON string in a random spelling: escapes where none are needed. */
function jsonString(random: () => number, value: string): string {
  if (random() < 0.3) { return `"${[...value].map(char => [...Array(char.length).keys()].map(i => `\\u${char.charCodeAt(i).toString(16).padStart(4, '0')}`).join('')).join('')}"`; }
  return random() < 0.3 ? JSON.stringify(value).replaceAll('/', '\\/') : JSON.stringify(value);
}

function jsonValue(random: () => number, depth = 0): string {
  const kind = random();
  if (kind < 0.3) { return jsonString(random, text(random)); }
  if (kind < 0.6) { return pick(random, ['1e400', '1.0', '-0', '12345678901234567890', '0.10', '1E+2', 'true', 'null', 'false', '7']); }
  if (depth > 2) { return '[]'; }
  const space = pick(random, ['', ' ', '  ']);
  const parts = Array.from({ length: Math.floor(random() * 4) }, () => jsonValue(random, depth + 1));
  return random() < 0.5 ? `[${space}${parts.join(`,${space}`)}${space}]` : `{${parts.map((part, i) => `${space}"k${i % 2}":${space}${part}`).join(',')}}`;
}

/** An object in a random style: order, spaces, doubled keys, odd numbers; `lineBreak` and `indent` set it over several lines. */
export function randomObject(random: () => number, lineBreak = '', indent = ''): string {
  const caseText = random() < 0.9 ? [`${jsonString(random, 'text')}:${pick(random, ['', ' '])}${jsonString(random, `Synthetic ${text(random)}`)}`] : [];
  const id = random() < 0.5 ? [`"id": ${pick(random, ['1.0', '"a"', '"b"', '3'])}`] : [];
  const others = Array.from({ length: Math.floor(random() * 4) }, () => `${jsonString(random, pick(random, ['a', 'b', 'note_x', 'a', 'kedrec']))}${pick(random, [':', ': ', ' : '])}${jsonValue(random)}`);
  const members = [...others, ...caseText, ...id].sort(() => random() - 0.5);
  const between = lineBreak ? `,${lineBreak}${indent}  ` : pick(random, [',', ', ', ' , ']);
  const [open, close] = lineBreak ? [`{${lineBreak}${indent}  `, `${lineBreak}${indent}}`] : pick(random, [['{', '}'], ['{ ', ' }']] as const);
  return `${open}${(members.length > 0 ? members : ['"x":1']).join(between)}${close}`;
}

export function randomJsonl(random: () => number): string {
  const lineBreak = pick(random, ['\n', '\r\n']);
  const lines = Array.from({ length: 1 + Math.floor(random() * 8) }, () => pick(random, [randomObject(random), randomObject(random), randomObject(random), randomObject(random), '', '{broken', '[1]', '  ', '7']));
  return `${random() < 0.3 ? '\uFEFF' : ''}${lines.join(lineBreak)}${random() < 0.5 ? lineBreak : ''}`;
}

export function randomJson(random: () => number): string {
  const lineBreak = pick(random, ['\n', '\r\n', '']);
  const indent = lineBreak ? pick(random, ['', '  ', '\t']) : '';
  const items = Array.from({ length: 1 + Math.floor(random() * 6) }, () => (random() < 0.08 ? jsonValue(random, 2) : randomObject(random, random() < 0.5 ? lineBreak : '', indent)));
  const list = `[${lineBreak}${indent}${items.join(`,${lineBreak}${indent}`)}${lineBreak}]`;
  const mark = random() < 0.3 ? '\uFEFF' : '';
  return mark + (random() < 0.5 ? list : `{${lineBreak}"meta": ${jsonValue(random, 2)},${lineBreak}"records": ${list},${lineBreak}"after": [1, {"x": 2}]}${lineBreak}`);
}

export function randomCsv(random: () => number): string {
  const lineBreak = pick(random, ['\n', '\r\n']);
  const delimiter = pick(random, [',', ';', '\t', '|']);
  const columns = 2 + Math.floor(random() * 4);
  const header = Array.from({ length: columns }, (_, i) => (i === 0 ? 'id' : i === 1 ? pick(random, ['text', '"note"']) : `c${i}`)).join(delimiter);
  const cell = () => {
    const value = text(random);
    return random() < 0.3 || /["\r\n]/.test(value) || value.includes(delimiter) ? `"${value.replaceAll('"', '""')}"` : value;
  };
  const rows = Array.from({ length: 1 + Math.floor(random() * 8) }, () => (random() < 0.1 ? '' : Array.from({ length: random() < 0.1 ? columns + 1 : columns }, cell).join(delimiter)));
  return `${random() < 0.3 ? '\uFEFF' : ''}${[header, ...rows].join(lineBreak)}${random() < 0.5 ? lineBreak : ''}`;
}
