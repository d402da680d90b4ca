import { directionOf, isDirectionWord, isInsignificant, namesOutcome, opposes, reversed, type Direction } from './direction';
import { withoutNames, wordsOf } from './names';
import { stemsOf } from './sentenceMatch';

/** One thing that a sentence says: in which direction something went, what it was, and which drugs stood on which side of a comparison. */
export interface Finding {
  readonly direction: Direction;
  /** Stems of what it is about, without words of direction. */
  readonly about: ReadonlySet<string>;
  /** The same with those of the comparison and of the population. */
  readonly context: ReadonlySet<string>;
  readonly sides: Sides;
}

interface Sides {
  readonly treated: ReadonlySet<number>;
  readonly compared: ReadonlySet<number>;
}

/** Words for one outcome, brought to one: a claim rarely uses those of its passage. */
const sameOutcome: readonly (readonly [RegExp, string])[] = [
  [/\b(?:re-?)?(?:admissions?|admitted|hospitali[sz]\w*)\b/gi, 'hospital'], [/\b(?:mortality|deaths?|died|dying|fatalit\w+|surviv\w+|lived)\b/gi, 'survival'], [/\b(?:renal|nephro\w+|kidneys?|ESRD|ESKD)\b/gi, 'kidney'],
  [/\b(?:cardiac|heart|cardiovascular|CV)\b/gi, 'heart'], [/\b(?:hepatic|liver)\b/gi, 'liver'], [/\b(?:gastrointestinal|GI|stomach|gut)\b/gi, 'gastro'], [/\b(?:bleed\w*|ha?emorrhag\w+)\b/gi, 'bleeding'],
  [/\b(?:HbA1c|A1c|glyca?emic|glucose|blood sugar)\b/gi, 'glucose'], [/\b(?:BP|blood pressure|(?:anti)?hypertensive)\b/gi, 'bloodpressure'], [/\b(?:MI|myocardial infarctions?|heart attacks?)\b/g, 'infarction'],
  [/\b(?:strokes?|cerebrovascular)\b/gi, 'stroke'], [/\b(?:thromb\w+|clots?|clotting|VTE|DVT|embol\w+)\b/gi, 'thrombosis'], [/\b(?:flares?|flared|relaps\w+|recur\w+|exacerbations?|attacks?)\b/gi, 'relapse'],
  [/\b(?:somnolen\w+|drows\w+|sleepiness|sedation)\b/gi, 'sleepiness'], [/\b(?:seizures?|fits|convulsions?)\b/gi, 'seizure'], [/\b(?:tumou?rs?|cancers?|malignan\w+)\b/gi, 'tumour'], [/\b(?:LDL(?:-C| cholesterol)?|cholesterol)\b/gi, 'cholesterol'],
  [/\b(?:breathing|respiratory|lung|pulmonary|FEV1)\b/gi, 'lung'], [/\b(?:eczema|dermatitis)\b/gi, 'eczema'], [/\b(?:discontinu\w+|stopped|stopping|withdrew|dropouts?)\b/gi, 'discontinuation'], [/\b(?:responders?|respon[ds]\w*|remissions?)\b/gi, 'response'],
  [/\b(?:PFS|progression[- ]free survival)\b/g, 'progressionfree'], [/\b(?:OS|overall survival)\b/g, 'survival overall'], [/\b(?:end ?points?|endpoints?|primary outcome)\b/gi, 'endpoint'], [/\b(?:side effects?|adverse (?:events?|effects?)|toxicit\w+)\b/gi, 'adverse'],
  [/\b(?:PCI|percutaneous (?:coronary )?interventions?)\b/gi, 'pci'], [/\b(?:spine|spinal|vertebral)\b/gi, 'vertebral'], [/\b(?:bone|skeletal)\b/gi, 'bone'], [/\b(?:oesophag\w+|esophag\w+|gullet)\b/gi, 'oesophagus'],
];
/** Of how things were done and to whom, not of what came of it. */
const notAbout = /^(?:overal|primar|rate|level|number|median|mean|year|month|week|day|high|low|wome|men|adult|child|infant|people|person|particip|compar|versus|placeb|alone|plus|added|adding|combin|with|trial|phase|prespe|gave|give|occurr|typ$|sever|about|furth|treatm|therap|induct|first|further|additio|extra|signif|well|than|both|each|dose|oral|intrav|daily|once|twice|stand|care)/;
const comparison = /\b(?:than|compared (?:with|to)|in comparison (?:with|to)|relative to|versus|vs\.?|over(?! (?:\w+ ){0,2}(?:years?|months?|weeks?|days?|hours?|time|one|two|three))|against)\b/i;
const separators = /\s*;\s+|,\s+|\s+(?=(?:but|and|although|though|whereas|while|however|yet|or|nor|without|except)\s)/i;
const negated = /\b(?:not|no|never|neither|nor|cannot|without|failed|fail(?:s|ing)?)\b/i;

/** "lowered A but not B": nothing is said to have happened to B. */
const elliptically = /^(?:but|and|though|although|yet)?\s*(?:not|no longer)\s+(?:on |in |for )?(.+)$/i;
/** To whom it happened; trials of one passage share it, and so it tells no finding from another. */
const population = /\s(?:in|among|for)\s(?:[\w-]+\s){0,4}(?:patients|people|persons|men|women|adults|adolescents|children|infants|participants|those)\b[^,;]*/gi;

/** Takes a sentence apart into what it finds; parts that say no direction go with the part before them. */
function partsOf(text: string): string[] {
  const parts: string[] = [];
  for (const raw of text.split(separators)) {
    const last = parts.at(-1);
    const continues = /^(?:or|nor)\s/i.test(raw) && last !== undefined && negated.test(last);
    const elliptic = last !== undefined && says(directionOf(last)) && !says(directionOf(raw)) ? elliptically.exec(raw)?.[1] : undefined;
    if (elliptic !== undefined && outcomeStems(elliptic).size > 0) {
      parts.push(`no effect on ${elliptic}`);
      continue;
    }
    const part = continues ? `not ${raw.replace(/^(?:or|nor)\s/i, '')}` : raw;
    if (last !== undefined && (!says(directionOf(part)) || !says(directionOf(last)))) {
      parts[parts.length - 1] = `${last} ${part}`;
    } else if (part.trim() !== '') {
      parts.push(part);
    }
  }
  return parts;
}

/** How groups compared before the treatment is no finding of it: "were similar at baseline but rose in the treated". */
function withoutBaseline(parts: readonly string[]): readonly string[] {
  const findings = parts.filter((part) => !/\b(?:at baseline|before (?:the )?(?:treatment|therapy|randomi[sz]ation))\b/i.test(part));
  return findings.length > 0 ? findings : parts;
}

/** What a sentence finds. `names`: of diseases, left out; `drugs`: names of each drug, told apart by their number. */
export function findingsOf(sentence: string, names: readonly string[], drugs: readonly (readonly string[])[]): readonly Finding[] {
  const plain = sentence.normalize('NFKD').replace(/\p{M}/gu, '');
  const masked = drugs.reduce((text, drugNames, index) => replaceNames(text, drugNames, ` qq${index}qq `), withoutNames(plain, names));
  const parts = withoutBaseline(partsOf(masked));
  // "lower, but the difference was not significant" is said of all; "improved A but had no significant effect on B" of B alone.
  const ofAll = isInsignificant(sentence) && !parts.some((part) => isInsignificant(part) && !/\b(?:difference|significance|this|it)\b/i.test(part) && outcomeStems(part).size > 0);
  let subject: ReadonlySet<number> = new Set();
  return parts.flatMap((part): Finding[] => {
    const sides = sidesOf(part);
    if (sides.treated.size > 0) { subject = sides.treated; }
    const direction = directionOf(part.replace(/qq\d+qq/g, ' '));
    if (!says(direction)) { return []; }
    return [{ direction: ofAll ? none : direction, about: outcomeStems(part), context: stemsAbout(part), sides: { treated: sides.treated.size > 0 ? sides.treated : subject, compared: sides.compared } }];
  });
}

const none: Direction = { benefit: false, harm: false, none: true, up: false, down: false };

function sidesOf(part: string): Sides {
  const at = comparison.exec(part);
  const numbers = (text: string): ReadonlySet<number> => new Set([...text.matchAll(/qq(\d+)qq/g)].map(([, number]) => Number(number)));
  if (at && at.index <= 2) {
    // "Compared with A, B led to ..."
    const [first, ...rest] = numbers(part);
    return first === undefined ? { treated: new Set(), compared: new Set() } : { treated: new Set(rest), compared: new Set([first]) };
  }
  return at ? { treated: numbers(part.slice(0, at.index)), compared: numbers(part.slice(at.index)) } : { treated: numbers(part), compared: new Set() };
}

/** Stems of what a part is about. What follows the comparison, or tells of the population, is no outcome unless there is no other. */
function outcomeStems(part: string): ReadonlySet<string> {
  const at = comparison.exec(part);
  const tail = at && at.index > 2 ? part.slice(at.index) : '';
  const outcome = (tail !== '' && !namesOutcome(tail) && !says(directionOf(tail.replace(comparison, ' '))) ? part.slice(0, at?.index) : part).replace(population, ' ');
  const narrow = stemsAbout(outcome);
  return narrow.size > 0 ? narrow : stemsAbout(part);
}

function stemsAbout(part: string): ReadonlySet<string> {
  const text = sameOutcome.reduce((rest, [pattern, word]) => rest.replace(pattern, word), part.replace(comparison, ' ; ').replace(/qq\d+qq/g, ' '));
  const kept = wordsOf(text).filter((word) => !isDirectionWord(word));
  return new Set([...stemsOf(kept.join(' '))].filter((stem) => !notAbout.test(stem) && !/^\d/.test(stem)));
}

/** True when the claim says of something the opposite of what all that speaks of it says. `passage`: findings of each sentence, the one that is most like the claim first. */
export function isContradicted(claim: readonly Finding[], passage: readonly (readonly Finding[])[]): boolean {
  return claim.some((said) => {
    const best = closest(said, passage);
    return best.length > 0 && best.every((found) => opposes(said.direction, isTurned(said.sides, found.sides) ? reversed(found.direction) : found.direction));
  });
}

/** True when the claim and the passage speak of the same outcome, in whatever words. */
export function sharesOutcome(claim: readonly Finding[], passage: readonly Finding[]): boolean {
  return claim.some((said) => passage.some((found) => [...said.context].some((stem) => found.context.has(stem))));
}

/** The findings that share most with what is said; where nothing is shared, the only one of the sentence that is most like the claim. */
function closest(said: Finding, passage: readonly (readonly Finding[])[]): readonly Finding[] {
  const common = (one: ReadonlySet<string>, other: ReadonlySet<string>): number => [...one].filter((stem) => other.has(stem)).length;
  // Of findings about one outcome the one in the same people is meant; the people alone make no two findings alike.
  const scored = passage.flat().map((found) => ({ found, shared: common(said.about, found.about) > 0 ? common(said.about, found.about) + common(said.context, found.context) / 100 : 0 }));
  const most = Math.max(0, ...scored.map(({ shared }) => shared));
  if (most === 0) { return passage[0]?.length === 1 ? passage[0] : []; }
  return scored.filter(({ shared }) => shared === most).map(({ found }) => found);
}

/** "B better than A" where the passage compares A with B. */
function isTurned(claim: Sides, found: Sides): boolean {
  const only = (some: ReadonlySet<number>, others: ReadonlySet<number>): number[] => [...some].filter((item) => !others.has(item));
  const turned = only(claim.treated, claim.compared).some((drug) => found.compared.has(drug) && !found.treated.has(drug)) || only(claim.compared, claim.treated).some((drug) => found.treated.has(drug) && !found.compared.has(drug));
  const straight = only(claim.treated, claim.compared).some((drug) => found.treated.has(drug) && !found.compared.has(drug));
  return turned && !straight;
}

function says(direction: Direction): boolean {
  return Object.values(direction).some((value) => value === true);
}

function replaceNames(text: string, names: readonly string[], by: string): string {
  const longestFirst = [...names].filter((name) => name.length > 2).sort((a, b) => b.length - a.length);
  return longestFirst.reduce((rest, name) => {
    const pattern = wordsOf(name).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('[^\\p{L}\\p{N}]+');
    return pattern === '' ? rest : rest.replace(new RegExp(`(?<![\\p{L}\\p{N}])${pattern}s?(?![\\p{L}\\p{N}])`, 'giu'), by);
  }, text);
}
