/** What a text says happened: to the patient's benefit or harm, nothing at all, or just more or less of something. */
export interface Direction {
  readonly benefit: boolean;
  readonly harm: boolean;
  readonly none: boolean;
  readonly up: boolean;
  readonly down: boolean;
}

type Kind = 'better' | 'worse' | 'up' | 'down';

const up = /^(?:increas|rais(?:e|ed|es|ing)$|rose$|ris(?:e|es|en|ing)$|elevat|higher$|greater$|larger$|more$|longer$|prolong|gain(?:ed|s)?$|doubl(?:e|ed|ing)$|boost)/;
const down = /^(?:reduc|decreas|lower|fewer$|less$|smaller$|declin|drop(?:s|ped)?$|fell$|fall(?:s|en)?$|shorte[nr]|diminish|prevent|suppress|attenuat|slow(?:s|ed|er|ing)$|halv|cut(?:s)?$|delay)/;
const better = /^(?:improv|benefi|effective|efficac|superior|better$|reliev|heal(?:s|ed|ing)?$|cure[ds]?$|favou?r|alleviat|ameliorat|clear(?:ed|s|ing)$)/;
const worse = /^(?:worse|inferior|harm|toxic|deteriorat|aggravat|exacerbate|contraindicat|avoid(?:ed|s)?$|unsafe|ineffective|detriment)/;
const bad = /^(?:mortality|death|died|dying|risk|event|pain|relaps|recurren|exacerbation|flare|attack|hospitali|readmi|stroke|infarct|bleed|haemorrhag|hemorrhag|symptom|disab|progress|infect|nausea|vomit|diarrh|hypogly|seizure|fractur|severity|inflammat|hba1c|a1c|ldl|cholesterol|glucose|urate|triglycerid|pressure|burden|lesion|anxiety|depress|insomnia|itch|fatigue|fever|swelling|oedema|edema|rash|toxicit|hyperkal|adverse|discontinu|ulcer|thrombo|embol|cough|wheez|breathless|dyspn|headache|migraine|failure|complication|injury|creatinine|impair)/;
const good = /^(?:surviv|remission|respon|function|quality|adheren|ejection|density|clearance|cure|recovery|walking|cognit|capacity|fev|fev1|strength|tolerab|sleep|relief|healing|success|egfr|gfr)/;
const negation = /^(?:not|no|without|never|neither|nor|cannot|failed|fails|fail|lack|lacked|didn|doesn|don|wasn|weren|little|absence)$/;
/** "greater reductions", "more effective": these only strengthen what follows. */
const strengthening = /^(?:more|greater|higher|larger)$/;
const weakening = /^(?:less|fewer|smaller)$/;
const control = /^(?:placebo|control|controls|comparator|untreated)$/;
const comparing = /^(?:than|versus|vs|compared|comparison|relative|over|against|to|from)$/;

/** Said of a comparison as a whole: whatever else the clause says, there was no effect. */
const equality = [
  /\bno (?:\w+ ){0,3}(?:differen|effect|benefit|improvement|reduction|increase|decrease|change|advantage|association|impact)/,
  /\b(?:similar|comparable|identical|unchanged|equivalent|unaffected|nonsignificant|insignificant|(?:non|not) inferior|noninferior)\b/,
  /\b(?:did|does|do|was|were|is|are|has|have|had|t) not (?:\w+ ){0,2}(?:differ|significant|associated|affect|alter|change|superior|effective|better|influence)/,
  /\bn t (?:\w+ )?differ/, /\bnot (?:\w+ )?significant/, /\bneither\b/,
];
const insignificance = [/\b(?:insignificant|nonsignificant|non significant)\b/, /\b(?:not|never|failed to|fail to|without) (?:\w+ ){0,5}significan/, /\bno (?:\w+ ){0,2}significan/];
const pValue = /\bp\s*(?:-?value)?\s*([=<>≤≥:])\s*(0?[.·]\d+)/gi;

/** Words between a verb and what it is about. */
const reach = 5;

/** Reads the direction of a sentence or a clause. */
export function directionOf(text: string): Direction {
  // Figures in parentheses stand between the words that belong together.
  const words = text.replace(/\([^()]*\d[^()]*\)/g, ' ').toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const found = { benefit: false, harm: false, none: false, up: false, down: false };
  if (equality.some((phrase) => phrase.test(words.join(' '))) || isInsignificant(text)) {
    return { ...found, none: true };
  }
  words.forEach((word, i) => {
    const kind = kindOf(word);
    if (!kind || aboutControl(words, i)) {
      return;
    }
    const next = words.slice(i + 1, i + 3).map(kindOf).find((following) => following !== undefined);
    if (next && (strengthening.test(word) || weakening.test(word))) {
      if (weakening.test(word)) {
        found[next === 'better' ? 'harm' : 'benefit'] ||= next === 'better' || next === 'worse';
      }
      return;
    }
    const before = words.slice(Math.max(0, i - 4), i);
    if (/^(?:more|less)$/.test(word) && words.slice(Math.max(0, i - 8), i).some((earlier) => kindOf(earlier) !== undefined)) {
      // "lowered pressure more than": of how much, not of which way.
      return;
    }
    if (before.some((earlier) => negation.test(earlier))) {
      found.none = true;
    } else if (kind === 'better' || kind === 'worse') {
      // "less effective" was counted with its first word.
      found[kind === 'better' ? 'benefit' : 'harm'] ||= !before.slice(-2).some((earlier) => weakening.test(earlier));
    } else {
      found[kind] = true;
      const outcome = nearestOutcome(words, i);
      if (outcome) {
        found[(kind === 'up') === (outcome === 'good') ? 'benefit' : 'harm'] = true;
      }
    }
  });
  return found;
}

/** True for a finding that is reported as not statistically significant, in words or by its P values alone. */
export function isInsignificant(sentence: string): boolean {
  const words = sentence.toLowerCase().match(/[\p{L}\p{N}]+/gu)?.join(' ') ?? '';
  if (insignificance.some((phrase) => phrase.test(words))) {
    return true;
  }
  const values = [...sentence.matchAll(pValue)].map((match) => ({ sign: match[1], value: Number((match[2] ?? '').replace('·', '.')) }));
  return values.length > 0 && values.every(({ sign, value }) => value > 0.05 && sign !== '<' && sign !== '≤');
}

/** True for a text that says what went up or down for somebody's good or harm. */
export function namesOutcome(text: string): boolean {
  return (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).some((word) => good.test(word) || bad.test(word));
}

/** True when two texts about the same thing cannot both hold. Mixed findings never oppose. */
export function opposes(claim: Direction, finding: Direction): boolean {
  const effect = (direction: Direction): boolean => direction.benefit || direction.harm || direction.up || direction.down;
  if (claim.none !== finding.none) {
    return claim.none ? effect(finding) && !effect(claim) : effect(claim) && !effect(finding);
  }
  if (claim.none) {
    return false;
  }
  const opposed = (one: keyof Direction, other: keyof Direction): boolean => claim[one] && !claim[other] && finding[other] && !finding[one];
  if (opposed('benefit', 'harm') || opposed('harm', 'benefit')) {
    return true;
  }
  // More and less are compared only where the texts do not agree on for whose good it is.
  const agree = (claim.benefit && finding.benefit) || (claim.harm && finding.harm);
  return !agree && (opposed('up', 'down') || opposed('down', 'up'));
}

function kindOf(word: string): Kind | undefined {
  return better.test(word) ? 'better' : worse.test(word) ? 'worse' : up.test(word) ? 'up' : down.test(word) ? 'down' : undefined;
}

/** "worsened in the placebo group" says nothing of the drug; "more than placebo" does. */
function aboutControl(words: readonly string[], i: number): boolean {
  const after = words.slice(i + 1, i + 7);
  const at = after.findIndex((word) => control.test(word));
  return at > 0 && !after.slice(0, at).some((word) => comparing.test(word)) && after.slice(Math.max(0, at - 2), at).some((word) => /^(?:in|with|for|among|by|on|under)$/.test(word));
}

function nearestOutcome(words: readonly string[], i: number): 'good' | 'bad' | undefined {
  const kind = (word: string | undefined): 'good' | 'bad' | undefined => (word === undefined ? undefined : good.test(word) ? 'good' : bad.test(word) ? 'bad' : undefined);
  for (let distance = 1; distance <= reach; distance++) {
    const found = kind(words[i + distance]) ?? kind(words[i - distance]);
    if (found) {
      return found;
    }
  }
  return undefined;
}
