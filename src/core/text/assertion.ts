import { PSEUDO_TRIGGERS, TRIGGERS, type Trigger } from './assertion-triggers';
import type { Span } from './span';

/** A stretch of a sentence about which a trigger says something. */
export interface ContextScope extends Span {
  readonly assertion: Trigger['assertion'];
  readonly weak: boolean;
  readonly only?: 'disease' | 'drug';
  readonly trigger: Span;
}

interface Hit extends Span {
  /** Absent for a pseudo trigger. */
  readonly trigger?: Trigger;
}

const compile = (pattern: string): RegExp => new RegExp(`\\b(?:${pattern})(?![A-Za-z0-9])`, 'gi');
/** Triggers that begin with a sign ("-negative", ": none") cannot demand a word boundary before it. */
const compileLoose = (pattern: string): RegExp => new RegExp(`(?:${pattern})(?![A-Za-z0-9])`, 'gi');
const PSEUDO = compile(PSEUDO_TRIGGERS.join('|'));
const COMPILED = TRIGGERS.map((trigger) => ({ trigger, regex: trigger.scope === 'before' ? compileLoose(trigger.pattern) : compile(trigger.pattern) }));

const CONTRAST = 'but|however|although|though|except(?: for)?|apart from|aside from|other than|besides|nevertheless|whereas|because(?: of)?|due to|secondary to|as a result of|since|until|despite|in spite of|;';
const FINITE = 'has|had|have|is|was|were|are|presents?|presented|presenting|reports?|reported|complain(?:s|ed|ing)|admitted|revealed|showed|shows|started|developed|underwent|received|takes|take|taking|took|became|diagnosed|found|demonstrated|suggest(?:s|ed)|confirmed|continue[sd]?|remains?|' +
  'appears?|states?|stated|comes|came|responded|improved|treated(?! for)|manages?|managed|controlled|prescribed|admits|endorses|positive for|positive';
/** Where a scope that looks forward ends. */
const FORWARD_END: Readonly<Record<Trigger['assertion'], RegExp>> = {
  negated: new RegExp(`(?<![A-Za-z])(?:${CONTRAST}|${FINITE}|who|which|where|until|history of(?= .{0,40} (?:treated|on))|on (?:treatment|medication))(?![A-Za-z])`, 'gi'),
  historical: new RegExp(`(?<![A-Za-z])(?:but|however|who|whom|now|currently|today|presents?|presented|presenting|complain(?:s|ed|ing)|admitted|was|were|is|has|developed|came|comes|here|and (?:is|was|has|had|now)|with (?:new|acute|worsening|increasing|a \\d+)|for (?:evaluation|follow|management)|referred|seen|found|;)(?![A-Za-z])`, 'gi'),
  family: new RegExp('(?<![A-Za-z])(?:but|however|the patient|patient|personal history|past medical history|she (?:is|has|was|takes|had)|he (?:is|has|was|takes|had)|(?:he|she) (?:himself|herself)|;(?! \\w*(?:mother|father|sister|brother))|no personal)(?![A-Za-z])', 'gi'),
  hypothetical: new RegExp(`(?<![A-Za-z])(?:but|however|although|who|which|because|given|due to|secondary to|as (?:he|she)|since|in (?:patients?|a patient|adults|children|people) with|in (?:this|the) patient|with known|in the setting of|was|were|presented|;|then|start|begin)(?![A-Za-z])`, 'gi'),
  allergy: new RegExp('(?<![A-Za-z])(?:but|however|although|tolerates?|tolerated|therefore|so|who|he|she|they|patient|was|were|is|are|has|had|presents?|presented|presenting|treated with|improved|for which|after which|we|which (?:was|were)|medications?|meds|takes|taking|on(?! (?:exposure|contact))|given|started|will|instead|switched|replaced|' +
    'use|can|no other|denies|for|and (?:is|was|takes|on|started)|;|in (?:the )?(?:mother|father|family))(?![A-Za-z])', 'gi'),
};
const BACKWARD_END = new RegExp(`(?<![A-Za-z])(?:${CONTRAST}|${FINITE}|who|which|in whom|where|denies|denied|no|not|without|and (?:he|she|the|a)|the diagnosis of|including|for|with|on|;|after|before|taking|s/p|status post|prior|previous|switched to|replaced (?:by|with)|while|when)(?![A-Za-z])`, 'gi');
/** After a comma, these words begin a clause rather than the next item of a list. */
const CLAUSE_START = /^,\s*(?:(?:and|or|then|so)\s+)?(?:(?<=(?:and|then)\s+)\w+ed\b|he|she|his|her|the|they|we|i|it|this|there|patient|pt|with|on|is|was|has|had|were|are|takes|taking|treated|started|presented|presents|presenting|now|currently|then|after|before|who|which|where|whose|in|at|from|when|given|but|for|as|because|resulting|managed|status|controlled|stable)(?![\p{L}])/iu;
const LIST_END = /,\s*(?:and|or|nor|&|as well as)\s|\s(?:and|or|nor)\s/i;

/** Scopes of all triggers of a sentence; offsets are relative to it. */
export function findContexts(sentence: string): ContextScope[] {
  const hits = triggersOf(sentence);
  return hits.flatMap((hit) => {
    const { trigger } = hit;
    if (trigger === undefined) return [];
    const scope = trigger.scope === 'after' ? forward(sentence, hit, trigger, hits) : backward(sentence, hit, trigger, hits);
    return scope.end <= scope.start ? [] : [{ ...scope, assertion: trigger.assertion, weak: trigger.weak === true, ...(trigger.only === undefined ? {} : { only: trigger.only }), trigger: { start: hit.start, end: hit.end } }];
  });
}

function triggersOf(sentence: string): Hit[] {
  const pseudo: Hit[] = [...sentence.matchAll(PSEUDO)].map((match) => ({ start: match.index, end: match.index + match[0].length }));
  const real = COMPILED.flatMap(({ trigger, regex }) => [...sentence.matchAll(regex)].map((match): Hit => ({ start: match.index, end: match.index + match[0].length, trigger })));
  const unshielded = real.filter((hit) => !pseudo.some((shield) => shield.start < hit.end && hit.start < shield.end && shield.end - shield.start >= Math.min(hit.end - hit.start, 5)
    && !(hit.start < shield.start && hit.end - hit.start > shield.end - shield.start)));
  // "history of" inside "family history of", "not" inside "does not have": the longer trigger is meant.
  return unshielded.filter((hit) => !unshielded.some((other) => other.end - other.start > hit.end - hit.start && other.start <= hit.start && hit.end <= other.end && swallows(other.trigger!, hit.trigger!)));
}

function swallows(longer: Trigger, shorter: Trigger): boolean {
  if (shorter.assertion === 'negated' && longer.assertion === 'family') return false;
  return longer.only === shorter.only || longer.only === undefined || shorter.assertion === 'negated';
}

/** Offset after `words` words from `from`. */
function afterWords(text: string, from: number, words: number): number {
  const regex = /\S+/g;
  regex.lastIndex = from;
  let end = from;
  for (let count = 0; count < words; count++) {
    if (regex.exec(text) === null) return text.length;
    end = regex.lastIndex;
  }
  return end;
}

function forward(sentence: string, hit: Hit, trigger: Trigger, hits: readonly Hit[]): Span {
  let end = afterWords(sentence, hit.end, trigger.reach);
  const ending = FORWARD_END[trigger.assertion];
  ending.lastIndex = hit.end;
  const stop = ending.exec(sentence);
  if (stop !== null) end = Math.min(end, stop.index);
  for (const match of sentence.slice(hit.end, end).matchAll(/,/g)) {
    const at = hit.end + match.index;
    if (trigger.stopsAtComma === true || (trigger.assertion !== 'family' && trigger.assertion !== 'historical' && CLAUSE_START.test(sentence.slice(at, at + 40)))) {
      end = Math.min(end, at);
      break;
    }
  }
  // "no history of asthma, history of diabetes", "allergic to penicillin, denies other": a new trigger begins a new statement.
  for (const other of hits) {
    if (other.start < hit.end || other.start >= end || other.trigger === undefined || other.trigger.scope === 'before') continue;
    const afterComma = /[,:]\s*(?:and |or )?$/.test(sentence.slice(hit.end, other.start));
    const joined = /\b(?:or|nor|and) $/.test(sentence.slice(hit.end, other.start));
    if (afterComma && !(joined && trigger.assertion === 'negated') && other.trigger.assertion !== trigger.assertion && trigger.assertion !== 'family') end = Math.min(end, other.start);
    else if (trigger.assertion === 'historical' && other.trigger.assertion === 'hypothetical') end = Math.min(end, other.start);
  }
  return { start: hit.end, end };
}

function backward(sentence: string, hit: Hit, trigger: Trigger, hits: readonly Hit[]): Span {
  const before = sentence.slice(0, hit.start);
  let start = 0;
  for (const match of before.matchAll(BACKWARD_END)) start = Math.max(start, match.index + match[0].length);
  const words = [...before.matchAll(/\S+/g)];
  if (words.length > trigger.reach) start = Math.max(start, words[words.length - trigger.reach]!.index);
  // "In this man with asthma, malaria was excluded": a comma only joins when what follows it closes a list.
  const comma = before.replace(/[,\s]+$/, '').lastIndexOf(',');
  if (comma >= start && !LIST_END.test(before.slice(comma))) start = comma + 1;
  for (const other of hits) if (other.trigger !== undefined && other.end <= hit.start && other.trigger.assertion === 'allergy' && other.trigger.scope === 'after' && trigger.assertion === 'negated') start = Math.max(start, other.end);
  return { start, end: hit.start };
}
