// Recall and false alarms of the de-identification, per class: npx tsx test/bench/deidentify.ts [tuning|tuning2|tuning3|heldout] [--show]
// An identifier counts as found when every letter and digit of it was replaced; a false alarm is a replacement that touches no marked identifier.
import { openKnowledge } from '../../src/core/recommend/knowledgeBase';
import { terminologyGuard } from '../../src/core/terminology/guard';
import { deidentify } from '../../src/core/text/deidentify/deidentify';
import { identifierClasses, type Guard } from '../../src/core/text/deidentify/types';
import { existsSync, readFileSync } from 'node:fs';
import { readLabelledNotes } from '../unit/text/labelledNotes';

const [split = 'heldout'] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
if (split !== 'tuning' && split !== 'tuning2' && split !== 'tuning3' && split !== 'heldout') { throw new Error('tuning, tuning2, tuning3 or heldout?'); }
const show = process.argv.includes('--show');
const bundle = 'dist/bundle/knowledge.json';
if (!existsSync(bundle)) { throw new Error(`${bundle} is not there; run: npm run build`); }
const guard: Guard = terminologyGuard(openKnowledge(readFileSync(bundle)).terminology);

const rows = new Map(identifierClasses.map((name) => [name, { marked: 0, found: 0, replaced: 0, alarms: 0 }]));
const notes = readLabelledNotes(split);
let characters = 0;
for (const { id, text, labels } of notes) {
  const { replacements } = deidentify(text, guard);
  characters += text.length;
  const covered = (at: number): boolean => replacements.some(({ span }) => span.start <= at && at < span.end);
  for (const label of labels) {
    const row = rows.get(label.class);
    if (!row) { throw new Error(`${id}: unknown class ${label.class}`); }
    row.marked++;
    let whole = true;
    for (let at = label.start; at < label.end; at++) { if (/[\p{L}\p{N}]/u.test(text[at]!) && !covered(at)) { whole = false; } }
    if (whole) { row.found++; } else if (show) { console.log(`MISSED ${id.slice(0, 4)} ${label.class.padEnd(8)} ${JSON.stringify(text.slice(label.start, label.end))}  …${JSON.stringify(text.slice(Math.max(0, label.start - 30), label.end + 20))}`); }
  }
  for (const { span, class: kind } of replacements) {
    const row = rows.get(kind)!;
    row.replaced++;
    if (!labels.some((label) => label.start < span.end && span.start < label.end)) {
      row.alarms++;
      if (show) { console.log(`ALARM  ${id.slice(0, 4)} ${kind.padEnd(8)} ${JSON.stringify(text.slice(span.start, span.end))}  …${JSON.stringify(text.slice(Math.max(0, span.start - 30), span.end + 20))}`); }
    }
  }
}
console.log(`\n${notes.length} ${split} notes, ${characters} characters\n\n| class | marked | found | recall | replaced | false alarms |\n| --- | ---: | ---: | ---: | ---: | ---: |`);
const total = { marked: 0, found: 0, replaced: 0, alarms: 0 };
const line = (name: string, row: typeof total): string => `| ${name} | ${row.marked} | ${row.found} | ${row.marked > 0 ? (row.found / row.marked).toFixed(3) : '–'} | ${row.replaced} | ${row.alarms} |`;
for (const [name, row] of rows) {
  for (const key of Object.keys(total) as (keyof typeof total)[]) { total[key] += row[key]; }
  console.log(line(name, row));
}
console.log(line('all', total));
