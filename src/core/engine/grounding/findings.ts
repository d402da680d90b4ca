import { directionOf, isDirectionWord, isInsignificant, namesOutcome, type Direction } from './direction';
import { withoutNames, wordsOf } from './names';
import { stemsOf } from './sentenceMatch';

/** One thing that a sentence says: in which direction something went, what it was, and which drugs stood on which side of a comparison. */
export interface Finding {
  readonly direction: Direction;
  /** Stems of what it is about, without words of direction. */
  readonly about: ReadonlySet<string>;
  /** Those of `about` that stand where outcomes do, not in "in ...", "after ...", "with ...". */
  readonly core: ReadonlySet<string>;
  /** The same with those of the comparison and of the population. */
  readonly context: ReadonlySet<string>;
  readonly sides: Sides;
}

/** Drugs, by their number, on the two sides of a comparison. */
interface Sides {
  readonly treated: ReadonlySet<number>;
  readonly compared: ReadonlySet<number>;
}

/** Words for one outcome, brought to one: a claim rarely uses those of its passage. */
const sameOutcome: readonly (readonly [RegExp, string])[] = [
  [/\bquality[- ]of[- ]life\b|\bHRQo?L\b|\bQoL\b/gi, 'wellbeing'], [/\b(?:re-?)?(?:admissions?|admitted|hospitali[sz]\w*)\b/gi, 'hospital'], [/\b(?:mortality|deaths?|died|dying|fatalit\w+|surviv\w+|lived)\b/gi, 'survival'], [/\b(?:renal|nephro\w+|kidneys?|ESRD|ESKD)\b/gi, 'kidney'],
  [/\b(?:cardiac|heart|cardiovascular|CV)\b/gi, 'heart'], [/\b(?:hepatic|liver)\b/gi, 'liver'], [/\b(?:gastrointestinal|GI|stomach|gut)\b/gi, 'gastro'], [/\b(?:bleed\w*|ha?emorrhag\w+)\b/gi, 'bleeding'],
  [/\b(?:HbA1c|A1c|glyca?emic|glucose|blood sugar)\b/gi, 'glucose'], [/\b(?:BP|blood pressure|(?:anti)?hypertensive)\b/gi, 'bloodpressure'], [/\b(?:MI|myocardial infarctions?|heart attacks?)\b/g, 'infarction'],
  [/\b(?:strokes?|cerebrovascular)\b/gi, 'stroke'], [/\b(?:thromb\w+|clots?|clotting|VTE|DVT|embol\w+)\b/gi, 'thrombosis'], [/\b(?:flares?|flared|relaps\w+|recur\w+|exacerbations?|attacks?)\b/gi, 'relapse'],
  [/\b(?:somnolen\w+|drows\w+|sleepiness|sedation)\b/gi, 'sleepiness'], [/\b(?:seizures?|fits|convulsions?)\b/gi, 'seizure'], [/\b(?:tumou?rs?|cancers?|malignan\w+)\b/gi, 'tumour'], [/\b(?:LDL(?:-C| cholesterol)?|cholesterol)\b/gi, 'cholesterol'],
  [/\b(?:breathing|respiratory|lung|pulmonary|FEV1)\b/gi, 'lung'], [/\b(?:eczema|dermatitis)\b/gi, 'eczema'], [/\b(?:discontinu\w+|stopped|stopping|withdrew|dropouts?)\b/gi, 'discontinuation'], [/\b(?:responders?|respon[ds]\w*)\b/gi, 'response'],
  [/\b(?:PFS|progression[- ]free survival)\b/g, 'progressionfree'], [/\b(?:OS|overall survival)\b/g, 'survival overall'], [/\b(?:end ?points?|endpoints?|primary outcome)\b/gi, 'endpoint'], [/\b(?:side effects?|adverse (?:events?|effects?)|toxicit\w+)\b/gi, 'adverse'],
  [/\bhyperkal\w+/gi, 'potassium'], [/\bhypo?natr\w+/gi, 'sodium'], [/\b(?:hypo|hyper)glyc\w+/gi, 'glucose hypo'], [/\b(?:die|dies)\b/gi, 'survival'], [/\b(?:life|lives)\b/gi, 'survival'], [/\b(?:SVR|sustained virological response)\b/g, 'response'], [/\b(?:incontinen\w+)\b/gi, 'continence'],
  [/\b(?:PCI|percutaneous (?:coronary )?interventions?)\b/gi, 'pci'], [/\b(?:spine|spinal|vertebral)\b/gi, 'vertebral'], [/\b(?:bone|skeletal)\b/gi, 'bone'], [/\b(?:oesophag\w+|esophag\w+|gullet)\b/gi, 'oesophagus'],
];
/** Of how things were done and to whom, not of what came of it. */
const notAbout = /^(?:overal|primar|rate|level|number|median|mean|year|month|week|day|high|low|wome|men|adult|child|infant|people|person|particip|compar|versus|placeb|alone|plus|added|adding|combin|with|trial|phase|prespe|gave|give|occurr|typ$|sever|about|furth|treatm|therap|induct|first|further|additio|extra|signif|well|than|both|each|dose|oral|intrav|daily|once|twice|stand|care|common$|dual|triple|single|long$|short$|term$|small$|open$|label$|study|mild|modera|severe$|chron|acute?$|active?$|early|late$|recent|new$|start|initia|show|found|sugges|data$|meta$|analys|pooled|random|eviden|report|observ|seen$|develo|experi|likely|emerg|did$|made?$|gave?$|led$|result|where|people|who|those|this|plu$|clear$|clearl|during|follow|receiv|taken?$|taking|also$|even$|only$|just$|frequ|episod|incide|propor|chance|odds)/;
const comparison = /\b(?:than|compared (?:with|to)|in comparison (?:with|to)|relative to|versus|vs\.?|(?<!^\W*)(?:over|against)(?= (?:(?!\d|an?\b|one\b|two\b|three\b|four\b|five\b|six\b|several\b|time\b)[\w-]+ ){0,4}(?:qq\d|placebo|control|usual|standard|no treatment))|(?<=\b(?:superior(?:ity)?|(?:non)?inferior(?:ity)?|equal|equivalent|similar|comparable|preferable|identical)(?: [\w-]+){0,6} )to(?= (?:[\w-]+ ){0,3}(?:qq\d|placebo|control|usual|standard))|(?<=\bmatch(?:ed|es)? )(?=qq\d))/i;
const separators = /\s*;\s+|,\s+|\s+(?=(?:but|and|although|though|whereas|while|however|yet|or|nor|without|except)\s|with (?:an? )?(?:little|no|less|fewer|more|similar|comparable|greater|higher|lower|minimal|excess)\s)/i;
const negated = /\b(?:not|no|never|neither|nor|cannot|without|failed|fail(?:s|ing)?)\b/i;

/** "lowered A but not B": nothing is said to have happened to B. */
const elliptically = /^(?:but|and|though|although|yet)?\s*(?:not|no longer)\s+(?:on |in |for )?(.+)$/i;
/** To whom it happened; trials of one passage share it, and so it tells no finding from another. */
const population = /\s(?:in|among|for)\s(?:[\w-]+\s){0,4}(?:patients|people|persons|men|women|adults|adolescents|children|infants|participants|those)\b[^,;]*/gi;

/** "Lower clinical and bacteriological cure": a noun alone begins no finding. */
const nouns = /\b(?:cure|relief|healing|protection|benefit|efficacy|control|safety|recovery|improvement|prevention|effectiveness|reduction|decline)s?\b/gi;

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
    const goesOn = last !== undefined && /\bas \w+$/i.test(last) && /^and\s/i.test(raw) || /^and\s/i.test(raw) && last !== undefined && says(directionOf(last)) && !says(directionOf(raw.replace(nouns, ' ')));
    if (goesOn) { parts[parts.length - 1] = `${last} ${raw}`; continue; }
    const part = continues ? `not ${raw.replace(/^(?:or|nor)\s/i, '')}` : raw;
    if (last !== undefined && (!says(directionOf(part)) || !says(directionOf(last)))) {
      parts[parts.length - 1] = `${last} ${part}`;
    } else if (part.trim() !== '') {
      parts.push(part);
    }
  }
  return parts;
}

const general = /\b(?:efficac\w+|effective\w*|superior\w*|inferior\w*|respon\w+|work(?:s|ed)?|better|worse)\b/i;
/** Where, when and in whom; "reduction in mortality" tells the outcome. */
const circumstance = /(?<!\b(?:reduc\w*|increas\w*|improvements?|differences?|decreas\w*|changes?|declines?|gains?|ris(?:e|es)|fall|drop|effects?|effective|superior\w*|inferior\w*|better|worse|similar|benefits?))\s(?:in|among|after|during|with|despite|following)\s(?!(?:fewer|less|more|lower|higher|no|similar)\b)[^,;]*/gi;
const unnamedComparator = /\b(?:placebo|controls?|vehicle|sham|usual|standard|conventional|no|baseline|before|those|alone)\b/i;

/** How groups compared before the treatment is no finding of it: "were similar at baseline but rose in the treated". */
function withoutBaseline(parts: readonly string[]): readonly string[] {
  const findings = parts.filter((part) => !/\b(?:at baseline|before (?:the )?(?:treatment|therapy|randomi[sz]ation))\b/i.test(part));
  return findings.length > 0 ? findings : parts;
}

/** What a sentence finds. `names`: of diseases, left out; `drugs`: names of each drug, told apart by their number. */
export function findingsOf(sentence: string, names: readonly string[], drugs: readonly (readonly string[])[]): readonly Finding[] {
  const plain = sentence.normalize('NFKD').replace(/\p{M}/gu, '');
  const masked = drugs.reduce((text, drugNames, index) => replaceNames(text, drugNames, ` qq${index}qq `), withoutNames(plain, names)).replace(/\s+/g, ' ');
  const parts = withoutBaseline(partsOf(masked.replace(/,? at the (?:cost|price|expense) of (?:more |an? |increased |higher |excess )*/gi, ', but raised ')));
  // "lower, but the difference was not significant" is said of all; "improved A but had no significant effect on B" of B alone.
  const ofAll = isInsignificant(sentence) && !parts.some((part) => isInsignificant(part) && !/\b(?:difference|significance|this|it)\b/i.test(part) && outcomeStems(part).size > 0);
  let subject: ReadonlySet<number> = new Set();
  let other: ReadonlySet<number> = new Set();
  return parts.flatMap((part): Finding[] => {
    const sides = sidesOf(part);
    if (sides.treated.size > 0) { subject = sides.treated; other = sides.compared; }
    const direction = directionOf(part.replace(/qq\d+qq/g, ' '));
    if (!says(direction)) { return []; }
    return [{ direction: ofAll ? none : direction, about: outcomeStems(part), core: outcomeStems(part.replace(circumstance, ' ')), context: stemsAbout(part), sides: { treated: sides.treated.size > 0 ? sides.treated : subject, compared: sides.treated.size > 0 || sides.compared.size > 0 ? sides.compared : other } }];
  });
}

const none: Direction = { benefit: false, harm: false, none: true, up: false, down: false };

function sidesOf(part: string): Sides {
  const at = comparison.exec(part);
  const numbers = (text: string): ReadonlySet<number> => new Set([...text.matchAll(/qq(\d+)qq/g)].map(([, number]) => Number(number)));
  if (at && at.index <= 2) {
    // "Compared with A, B led to ..."; with placebo or the like, all drugs named are on the other side.
    const [first, ...rest] = numbers(part);
    const tail = part.slice(at.index + at[0].length);
    const upToDrug = tail.slice(0, Math.max(0, tail.search(/qq\d+qq/)));
    return first === undefined || unnamedComparator.test(upToDrug) ? { treated: numbers(part), compared: new Set() } : { treated: new Set(rest), compared: new Set([first]) };
  }
  return at ? { treated: numbers(part.slice(0, at.index)), compared: numbers(part.slice(at.index)) } : { treated: numbers(part), compared: new Set() };
}

/** Stems of what a part is about. What follows the comparison, or tells of the population, is no outcome unless there is no other. */
function outcomeStems(part: string): ReadonlySet<string> {
  const at = comparison.exec(part);
  const tail = at && at.index > 2 ? part.slice(at.index) : '';
  const outcome = (tail !== '' && !namesOutcome(tail) && !says(directionOf(tail.replace(comparison, ' '))) ? part.slice(0, at?.index) : part).replace(population, ' ');
  const narrow = stemsAbout(outcome);
  const about = narrow.size > 0 ? narrow : stemsAbout(part);
  // "Similar efficacy", "was superior to B": of the effect as a whole.
  return about.size === 0 || general.test(outcome) ? new Set([...about, 'effica']) : about;
}

function stemsAbout(part: string): ReadonlySet<string> {
  const text = sameOutcome.reduce((rest, [pattern, word]) => rest.replace(pattern, word), part.replace(comparison, ' ; ').replace(/qq\d+qq/g, ' '));
  const kept = wordsOf(text).filter((word) => !isDirectionWord(word));
  return new Set([...stemsOf(kept.join(' '))].filter((stem) => !notAbout.test(stem) && !/^\d/.test(stem)));
}

/** "B better than A" where the passage compares A with B. */
export function isTurned(claim: Sides, found: Sides): boolean {
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
