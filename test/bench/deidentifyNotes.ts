// Recall and false alarms of de-identification on notes that a person labelled: npx tsx test/bench/deidentifyNotes.ts LABELS.jsonl [--show]
// One JSON object a line: { group, text, labels: [{ text, class }] }; a label stands for every place where its text occurs as whole words, longer labels first.
// Such a file holds third-party text: keep it outside the repository. Counting is that of deidentify.ts.
import { existsSync, readFileSync } from 'node:fs';
import { openKnowledge } from '../../src/core/recommend/knowledgeBase';
import { terminologyGuard } from '../../src/core/terminology/guard';
import { deidentify } from '../../src/core/text/deidentify/deidentify';
import { identifierClasses, type IdentifierClass } from '../../src/core/text/deidentify/types';

interface Labelled { readonly group: string; readonly text: string; readonly labels: readonly { readonly text: string; readonly class: IdentifierClass }[] }

const [file] = process.argv.slice(2).filter(argument => !argument.startsWith('--'));
const show = process.argv.includes('--show');
const bundle = 'dist/bundle/knowledge.json';
if (file === undefined || !existsSync(file)) { throw new Error('name a file of labels, one JSON object a line'); }
if (!existsSync(bundle)) { throw new Error(`${bundle} is not there; run: npm run build`); }
const guard = terminologyGuard(openKnowledge(readFileSync(bundle)).terminology);
const notes = readFileSync(file, 'utf8').split('\n').filter(line => line !== '').map(line => JSON.parse(line) as Labelled);

console.log('| texts | class | marked | found | recall | replaced | false alarms |\n| --- | --- | ---: | ---: | ---: | ---: | ---: |');
for (const group of [...new Set(notes.map(note => note.group))]) {
  const own = notes.filter(note => note.group === group);
  const rows = new Map(identifierClasses.map(name => [name, { marked: 0, found: 0, replaced: 0, alarms: 0 }]));
  for (const { text, labels } of own) {
    const { replacements } = deidentify(text, guard);
    const marks: { readonly start: number; readonly end: number }[] = [];
    for (const label of [...labels].sort((a, b) => b.text.length - a.text.length)) {
      const places = [...text.matchAll(new RegExp(`(?<![\\p{L}\\p{N}])${label.text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')}(?![\\p{L}\\p{N}])`, 'gu'))]
        .map(({ index }) => ({ start: index, end: index + label.text.length })).filter(place => !marks.some(mark => mark.start < place.end && place.start < mark.end));
      if (places.length === 0) { throw new Error(`a ${label.class} of group ${group} does not occur in its text`); }
      marks.push(...places);
      for (const { start, end } of places) {
        const whole = [...text.slice(start, end)].every((letter, index) => !/[\p{L}\p{N}]/u.test(letter) || replacements.some(({ span }) => span.start <= start + index && start + index < span.end));
        const row = rows.get(label.class)!;
        row.marked++;
        if (whole) { row.found++; } else if (show) { console.error(`MISSED ${group} ${label.class} ${JSON.stringify(text.slice(start - 20, end + 10))}`); }
      }
    }
    for (const { span, class: kind } of replacements) {
      const row = rows.get(kind)!;
      row.replaced++;
      if (!marks.some(mark => mark.start < span.end && span.start < mark.end)) {
        row.alarms++;
        if (show) { console.error(`ALARM ${group} ${kind} ${JSON.stringify(text.slice(Math.max(0, span.start - 20), span.end + 10))}`); }
      }
    }
  }
  const label = `${own.length} ${group}, ${own.reduce((sum, { text }) => sum + text.length, 0)} characters`;
  for (const [name, { marked, found, replaced, alarms }] of rows) {
    if (marked + replaced > 0) { console.log(`| ${label} | ${name} | ${marked} | ${found} | ${marked > 0 ? (found / marked).toFixed(3) : '–'} | ${replaced} | ${alarms} |`); }
  }
}
