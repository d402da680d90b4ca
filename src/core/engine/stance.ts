/** Which way a sentence of a study speaks. */
export type Polarity = 'positive' | 'negative' | 'harm' | 'neutral';

const good = String.raw`reduc\w+|lower\w*|decreas\w+|improv\w+|prolong\w+|superior|benefi\w+|effective\w*|efficac\w+|relie[fv]\w*|remission|respon[sd]\w+|prevent\w*|protect\w*|delay\w*|slow\w*|surviv\w+|heal\w*|eradicat\w+|recommended|achiev\w+`;
const noEffect = new RegExp(String.raw`\b(?:(?:did|does|do|was|were|is|are|has|had|could) not|didn't|no|without|lack(?:ed|s)? of|fail(?:ed|s|ure)? to|neither|nor)\b[^.;]{0,80}?\b(?:${good}|differ\w*|effect\w*|advantage|change\w*|better|increase\w*|show\w*|affect\w*|alter\w*)\b|\bnot (?:superior|better|effective|different|significant\w*)|\bineffective\b|\bno better\b|\bfutil\w+|\b(?:terminated|stopped|halted|withdrawn|discontinued)\b[^.;]{0,60}?\b(?:futil\w+|efficacy|effect\w*|benefit\w*|safety|harm\w*|toxic\w*|adverse|deaths?|mortality|interim)\b`, 'i');
const harm = new RegExp(String.raw`\b(?:(?:increas\w+|higher|rais\w+|more|excess|doubl\w+|greater)\b[^.;]{0,60}?\b(?:risk|mortality|deaths?|bleed\w*|harm\w*|infections?|toxicit\w*|events?|strokes?|failure|suicid\w+|malformations?|fractures?|hypoglyc\w+)|worsen\w*|worse|harm\w*|toxic\w*|fatal|adverse|teratogen\w+)\b`, 'i');
const positive = new RegExp(String.raw`\b(?:${good}|better|higher (?:rate|proportion)s? of (?:remission|response|cure)|more (?:often|patients)[^.;]{0,40}(?:remission|respon|cure))\b`, 'i');

/** Judges a sentence by its words. Made for sentences that report a result; a sentence without such words is neutral. */
export function polarityOf(sentence: string): Polarity {
  if (noEffect.test(sentence)) { return 'negative'; }
  const reduced = /\b(?:reduc\w+|lower\w*|decreas\w+|fewer|less|prevent\w*)\b/i.exec(sentence);
  const harmful = harm.exec(sentence);
  // "reduced the risk of adverse events" is a benefit, "more bleeding, though it reduced stroke" is a harm: what comes first governs.
  if (harmful && (!reduced || harmful.index < reduced.index)) { return 'harm'; }
  return positive.test(sentence) || reduced ? 'positive' : 'neutral';
}

const brought = String.raw`(?:[- ](?:induced|associated|related|provoked|triggered))`;
const causeAfter = new RegExp(String.raw`^[^.;]{0,30}?${brought}\b|^\S+(?:\s\S+){0,6}?\s(?:caus\w+|induc\w+|precipitat\w+|provok\w+|trigger\w+|exacerbat\w+|worsen\w*|contraindicated)\b`, 'i');
const causeBefore = /\b(?:induced by|caused by|due to|secondary to|provoked by|triggered by|precipitated by|complication of|side effects? of|adverse (?:effects?|reactions?|events?) (?:of|to|with)|toxicity of|after (?:an? )?(?:overdose|ingestion|exposure)|overdose (?:of|with)|poisoning)\b[^.;]{0,60}$/i;

/** Whether a sentence says that a drug brings something on ("X-induced", "caused by X"). `fromDrug` is the sentence from the drug's name on. */
export function causes(sentence: string, fromDrug: string): boolean {
  return causeAfter.test(fromDrug) || causeBefore.test(sentence.slice(0, sentence.length - fromDrug.length));
}

const use = /\b(?:treat(?:ed|ing|ments?|s)?|therap(?:y|ies|eutic\w*)|indicated|manage(?:d|ment)|administ\w+|prescri\w+|regimens?|receiv(?:ed|ing|e)|used (?:for|in|to)|given (?:for|to)|approved|licensed|first-line|second-line|maintenance|adjuvant|chemotherap\w+|trials?|prophyla\w+)\b/i;

/** Whether a sentence says that something is given to treat or prevent. */
export function speaksOfUse(sentence: string): boolean {
  return use.test(sentence);
}
