import { ConceptFinder } from '../../src/core/terminology/finder';
import { COMMON_WORDS } from '../../src/core/terminology/common-words';
import type { KnowledgeData } from '../../src/core/terminology/types';
import type { Entry } from './entry';
import type { EvidenceEntry } from './evidence';
import type { Authored, CorpusSource } from './load';
import type { Problem } from './problems';

/** Checks that need the whole corpus: slugs that lead nowhere, ids used twice, names of two concepts, findings that do not name their drug. */
export function checkReferences(source: CorpusSource, knowledge: KnowledgeData): Problem[] {
  const problems: Problem[] = [];
  const report = (level: Problem['level'], entry: Entry, field: string | undefined, message: string, index?: number): void => {
    problems.push({ level, file: entry.file, line: entry.lineOf(field, index), id: entry.id, field, message });
  };
  const diseases = uniqueIds('disease', source.diseases, report);
  const classes = uniqueIds('class', source.classes, report);
  const drugs = uniqueIds('drug', source.drugs, report);
  for (const id of drugs.keys()) if (classes.has(id)) report('error', drugs.get(id)!, 'id', `"${id}" is also the id of a class`);

  const expect = (known: ReadonlyMap<string, unknown>, what: string, entry: Entry, field: string, slugs: readonly string[]): void => {
    slugs.forEach((slug, index) => {
      if (!known.has(slug)) report('error', entry, field, `unknown ${what} "${slug}"${suggestion(slug, known.keys())}`, index);
      if (slug === entry.id) report('error', entry, field, 'refers to itself', index);
    });
    if (new Set(slugs).size < slugs.length) report('warning', entry, field, 'names the same slug twice');
  };
  for (const { value, entry } of source.diseases) expect(diseases, 'disease', entry, 'broader', value.broader);
  for (const { value, entry } of source.classes) {
    expect(classes, 'class', entry, 'crossReactive', value.crossReactive);
    expect(classes, 'class', entry, 'partOf', value.partOf);
  }
  const drugOrClass = new Map<string, unknown>([...drugs, ...classes]);
  for (const { value, entry } of source.drugs) {
    expect(classes, 'class', entry, 'classes', value.classes);
    expect(diseases, 'disease', entry, 'indications', value.indications.map(({ disease }) => disease));
    expect(diseases, 'disease or condition', entry, 'contraindications', value.contraindications.map(({ condition }) => condition));
    expect(drugOrClass, 'drug or class', entry, 'interactions', value.interactions.map((interaction) => interaction.with));
    if (value.mechanism === undefined) report('warning', entry, 'mechanism', 'is missing');
    const both = value.contraindications.filter(({ condition, level }) => level === 'contraindicated' && value.indications.some(({ disease }) => disease === condition));
    for (const { condition } of both) report('error', entry, 'contraindications', `"${condition}" is also an indication`);
  }
  checkCycles(source, report);

  const documents = new Map<string, Entry>();
  const finder = new ConceptFinder(knowledge);
  for (const item of source.evidence) {
    const { entry, document } = item;
    const first = documents.get(document.id);
    if (first !== undefined) report('error', entry, 'id', `"${document.id}" is already used at ${first.file}:${first.lineOf('id')}`);
    else documents.set(document.id, entry);
    expect(drugs, 'drug', entry, 'drugs', item.drugs);
    expect(drugOrClass, 'drug or class', entry, 'comparators', item.comparators);
    expect(diseases, 'disease', entry, 'diseases', item.diseases);
    checkFinding(item, finder, knowledge, report);
  }
  checkNames(source, finder, report);
  return problems;
}

type Report = (level: Problem['level'], entry: Entry, field: string | undefined, message: string) => void;

function uniqueIds(what: string, items: readonly Authored<{ readonly id: string }>[], report: Report): Map<string, Entry> {
  const byId = new Map<string, Entry>();
  for (const { value, entry } of items) {
    const first = byId.get(value.id);
    if (first === undefined) byId.set(value.id, entry);
    else report('error', entry, 'id', `${what} "${value.id}" is already described at ${first.file}:${first.lineOf('id')}`);
  }
  return byId;
}

function suggestion(slug: string, known: Iterable<string>): string {
  const words = new Set(slug.split('-'));
  let best: { id: string; score: number } | undefined;
  for (const id of known) {
    const others = id.split('-');
    const shared = others.filter((word) => words.has(word)).length / Math.max(words.size, others.length);
    const score = Math.max(shared, id.startsWith(slug) || slug.startsWith(id) ? 0.6 : 0);
    if (score >= 0.5 && (best === undefined || score > best.score)) best = { id, score };
  }
  return best === undefined ? '' : ` (did you mean "${best.id}"?)`;
}

function checkCycles(source: CorpusSource, report: Report): void {
  const visit = (items: readonly Authored<{ readonly id: string }>[], parents: (index: number) => readonly string[], field: string): void => {
    const above = new Map(items.map(({ value }, index) => [value.id, parents(index)]));
    for (const { value, entry } of items) {
      const seen = new Set<string>();
      const queue = [...(above.get(value.id) ?? [])];
      for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
        if (next === value.id) { report('error', entry, field, 'leads in a circle back to this entry'); break; }
        if (!seen.has(next)) { seen.add(next); queue.push(...(above.get(next) ?? [])); }
      }
    }
  };
  visit(source.diseases, (index) => source.diseases[index]!.value.broader, 'broader');
  visit(source.classes, (index) => source.classes[index]!.value.partOf, 'partOf');
}

function closure(start: readonly string[], parents: (id: string) => readonly string[]): Set<string> {
  const seen = new Set(start);
  const queue = [...start];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) for (const id of parents(next)) if (!seen.has(id)) { seen.add(id); queue.push(id); }
  return seen;
}

/** A finding is quoted alone, so it has to name what it is about. */
function checkFinding({ entry, document, drugs, diseases }: EvidenceEntry, finder: ConceptFinder, knowledge: KnowledgeData, report: Report): void {
  const finding = document.passages.find(({ section }) => section === 'Finding')?.text ?? '';
  const named = new Set(finder.find(finding).map(({ conceptId }) => conceptId));
  const parentsOfClass = new Map(knowledge.classes.map(({ id, partOf }) => [id, partOf]));
  const missing = drugs.filter((id) => {
    const drug = knowledge.drugs.find((candidate) => candidate.id === id);
    return drug !== undefined && !named.has(id) && ![...closure(drug.classes, (slug) => parentsOfClass.get(slug) ?? [])].some((slug) => named.has(slug));
  });
  const level = missing.length > 0 && missing.length === drugs.length ? 'error' : 'warning';
  if (missing.length > 0) report(level, entry, 'finding', `does not name ${missing.join(', ')} (by name, synonym or class)`);
  const parents = new Map(knowledge.diseases.map(({ id, broader }) => [id, broader]));
  const wanted = closure(diseases, (id) => parents.get(id) ?? []);
  const fits = (id: string): boolean => wanted.has(id) || [...closure([id], (slug) => parents.get(slug) ?? [])].some((wider) => diseases.includes(wider));
  if (diseases.some((id) => parents.has(id)) && ![...named].some(fits)) report('warning', entry, 'finding', `names none of its diseases (${diseases.join(', ')})`);
}

function checkNames(source: CorpusSource, finder: ConceptFinder, report: Report): void {
  const concepts = [
    ...source.drugs.map(({ value, entry }) => ({ kind: 'drug', value, entry })), ...source.diseases.map(({ value, entry }) => ({ kind: 'disease', value, entry })),
    ...source.classes.map(({ value, entry }) => ({ kind: 'drug-class', value, entry })),
  ];
  const byConcept = new Map(concepts.map(({ kind, value, entry }) => [`${kind} ${value.id}`, entry]));
  for (const { key, abbreviation, concepts: claimed } of finder.ambiguous()) {
    const entry = byConcept.get(claimed[1] ?? '');
    // A drug that bears the name of its own class (heparin): the finder takes the drug.
    const inOwnClass = claimed.length === 2 && source.drugs.some(({ value }) => claimed[0] === `drug ${value.id}` && value.classes.some((slug) => claimed[1] === `drug-class ${slug}`));
    if (entry !== undefined && !inOwnClass) report('error', entry, abbreviation ? 'abbreviations' : 'synonyms', `${abbreviation ? 'the abbreviation' : 'the name'} "${key}" belongs to ${claimed.join(' and ')}`);
  }
  for (const { value, entry } of concepts) {
    for (const synonym of value.synonyms) if (COMMON_WORDS.has(synonym.toLowerCase())) report('warning', entry, 'synonyms', `"${synonym}" is an everyday word and is never matched`);
    if (COMMON_WORDS.has(value.name.toLowerCase())) report('warning', entry, 'name', `"${value.name}" is an everyday word: it will be found where it is not meant`);
    for (const name of [value.name, ...value.synonyms]) {
      if (name.replace(/[^\p{L}]/gu, '').length < 2) report('error', entry, 'synonyms', `"${name}" is no name (a comma inside [ ] separates items: quote the name)`);
    }
    for (const abbreviation of value.abbreviations) if (/^[a-z]+$/.test(abbreviation) || abbreviation.length < 2) report('warning', entry, 'abbreviations', `"${abbreviation}" is too ambiguous`);
  }
}
