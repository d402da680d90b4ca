/** What a text says happened: to the patient's benefit or harm, nothing at all, or just more or less of something. */
export interface Direction {
  readonly benefit: boolean;
  readonly harm: boolean;
  readonly none: boolean;
  readonly up: boolean;
  readonly down: boolean;
}

type Kind = 'better' | 'worse' | 'up' | 'down';

const up = /^(?:increas|sooner$|climb|jumped$|heighten|intensif|tripled$|tripl(?:es|ing)$|quadrupl|rais(?:e|ed|es|ing)$|rose$|ris(?:e|es|en|ing)$|elevat|higher$|highest$|greater$|greatest$|larger$|more$|most$|longer$|longest$|prolong|lengthen|extend(?:s|ed|ing)?$|gain(?:ed|s)?$|amplif|augment|multipl(?:y|ied)$|surg(?:e|ed)$|provok|precipitat|predispos|caus(?:e[ds]?|ing)$|induc(?:e[ds]?|ing)$|trigger|lift(?:s|ed)$|deepen|sped$|speed(?:s|ed|ing)?$|doubl(?:e|ed|ing)$|boost|excess|accelerat|hasten|grew$|grow(?:s|n|th)?$|enlarg|expand)/;
const down = /^(?:reduc|lessened$|shortened$|trimmed$|blunt|dampen|milder$|averted$|decreas|lower|lowest$|fewer$|fewest$|less$|least$|smaller$|smallest$|declin|dropped$|fell$|fall(?:s|en)?$|shorte[nr]|diminish|lessen|prevent|suppress|attenuat|slow(?:s|ed|er|ing)?$|halv|cut(?:s)?$|delay|rarer$|shrank$|shrunk$|shrink|curb|postpon|limit(?:s|ed|ing)?$|eliminat|eradicat|restrain|mitigat|minimi[sz]|brak|forestall|avert|subsid|abat|revers(?:e|ed|es)$|halt(?:s|ed|ing)?$|stop(?:s|ped|ping)$|abolish)/;
const better = /^(?:improv|benefi|effective|efficac|superior|better|best$|reliev|heal(?:s|ed|ing)?$|cure[ds]?$|favou?r|alleviat|ameliorat|clear(?:ed|s|ing)$|eas(?:e|ed|es|ing)$|help(?:s|ed|ful)?$|protect|renoprotect|cardioprotect|neuroprotect|preserv|restor|outd(?:id|o|oes|one)$|beat(?:s|en)?$|surpass|sooth|resolv(?:e|ed|es)$|normali[sz]|succeed|metendpoint$|outperform|spar(?:ed|es)$|durabl|lasting$|sustained$|maintained$|successful|favourable|advantag|worthwhile|control(?:led|ling)$|safer$|safely$|useful$|valuable$|worked$|works$|safe$|stronger$|potent$|outstrip|weightloss$)/;
const worse = /^(?:worse|worst$|inferior|harm|toxic|deteriorat|aggravat|exacerbate|contraindicat|avoid(?:ed|s)?$|unsafe|detriment|damag|impair(?:ed|s)$|fad(?:ed|es)$|wan(?:ed|es)$|shortlived$|disadvantag|unfavourab|poorer$|poorly$|riskier$|hurt|weaker$|trail(?:ed|s)$|unhelpful|disappoint|compromis)/;
const bad = /^(?:mortality|death|died|dying|fatal|risk|event|pain|relaps|recur|exacerbation|flare|attack|hospitali|admission|readmi|stroke|infarct|bleed|haemorrhag|hemorrhag|symptom|disab|progress|infect|nausea|vomit|diarrh|hypogly|seizure|fractur|severity|inflammat|hba1c|a1c|ldl|cholesterol|glucose|urate|triglycerid|pressure|burden|lesion|anxiety|depress|insomnia|itch|fatigue|fever|swelling|oedema|edema|rash|toxicit|hyperkal|adverse|discontinu|ulcer|thrombo|embol|cough|wheez|breathless|dyspn|headache|migraine|failure|complication|injury|creatinine|impair|rejection|decline|movement|volume|hypotension|sedation|dizziness|weight|mania|overdose|malformation|dyskinesia|spasm|incontinence|bloat|constipat|hallucinat|tremor|cramp|mucositis|neutropen|delirium|psychos|suicid|transfusion|rebleed|erosion|amputat|dementia|proteinuria|albuminuria|syncope|palpitation|stiffness|tender|deaths|resistan|dry|mouth|illness|hyper|hypo|necros|metasta|obstruct|restenos|ischa?em|mi$|vte$|dvt$|die$|dies$|morbid|frailt|falls$|cataract|jaundice|dialys|bled$|stays$|loss(?:es)?$|hepatotox|nephrotox|cytopen|anaemi|anemi|leuk|malign|cancer|tumou?r|otitis|pneumon|sepsis|flush|intubat|ventilat|surgery|catheter|angina|claudic|contract|spastic|viral|viraemi|viremi|parasit)/;
const good = /^(?:surviv|lived$|remission|respon|function|quality|adheren|ejection|density|clearance|cure|recovery|walking|cognit|capacity|fev|fev1|strength|tolerab|sle(?:ep|pt)|mood|count|svr$|virolog|relief|healing|success|egfr|gfr|retention|retain|continen|pregnan|acuity|vision|life$|lives$|peptide|mobility|wellbeing|birth|platelet|perfusion|patency|engraft|height|flow$|mineral|tolerance|immunity|antibod|seroconver|efficac)/;
const negation = /^(?:not|no|without|never|neither|nor|cannot|failed|fails|fail|failing|lack|lacked|didn|doesn|don|wasn|weren|little|nothing|absence|hardly|barely|missed|misses)$/;
/** "greater reductions", "more effective": these only strengthen what follows. */
const strengthening = /^(?:more|most|greater|greatest|higher|larger)$/;
const weakening = /^(?:less|least|fewer|smaller)$/;
const control = /^(?:placebo|control|controls|comparator)$/;
const comparing = /^(?:than|versus|vs|compared|comparison|relative|over|against|to|from)$/;

/** Said of a comparison as a whole: whatever else the clause says, there was no effect. */
const equality = [
  /\bno (?:\w+ ){0,3}(?:differen|effect|benefit|improvement|reduction|increase|decrease|change|advantage|association|impact|better|worse)/,
  /\b(?:similar|similarly|comparable|comparably|identical|unchanged|equivalent|unaffected|alike|nonsignificant|insignificant|equal|equally|same|futility|noninferior|(?:non|not) inferior(?:ity)?|at least as \w+)\b/,
  /\b(?:as (?:well|good|effective|often|much|many|safe|frequent\w*|long|efficacious) as|about as \w+ as|no more \w+ than|no (?:better|worse) than|not (?:any )?(?:better|worse)|on a par|equal(?:s|led)|of no (?:help|benefit|use|value)|nothing to (?:slow|lower|reduce|improve|prevent))\b/,
  /\b(?:did|does|do|was|were|is|are|has|have|had|t) not (?:\w+ ){0,2}(?:differ|significant|associated|affect|alter|change|superior|effective|better|influence|help|work)/,
  /\bn t (?:\w+ )?differ/, /\bnot (?:\w+ )?significant/, /\bneither\b/, /\b(?:failed|missed|misses|fails)\b(?: \w+){0,6} ?(?:endpoint|end point|outcome|significance|trial|show|demonstrate|prove)/, /\bfailed$/,
  /\b(?:not|never) (?:been |be )?(?:shown|found|seen|proven|proved|demonstrated|confirmed|detected|observed)\b/, /\bn(?:o|ot) (?:\w+ ){0,4}(?:more effective|superior)\b/,
  /\bdid not (?:meet|reach|achieve|show|demonstrate)\b/, /\b(?:was|were|been) (?:not|never) (?:met|reached|achieved|attained)\b/,
  // "no greater than", "lived no longer", "as common as with placebo", "added nothing", "did nothing to", "matched", "made little difference".
  /\bno (?:(?!further|other|later|matter|cancer|ulcer|fever|longer)\w+er|more|less|worse|different|longer(?=.* than))\b(?! to)/, /\bas (?!well|soon|long as|far|many|early|late|part|such|follows|monotherapy|a\b|an\b|the\b)\w+ (?:and \w+ |\w+ )?as\b/,
  /\b(?:add|gain|offer|bring|brought|do|did|does|achiev|contribut|chang|yield|provid|gave)\w* (?:\w+ )?(?:nothing|nil|little)\b/, /\bnothing to \w+/, /\b(?:match(?:ed|es)?|on par|parity|tied|indistinguishable|ineffective|inefficacious|untouched|neck and neck|interchangeable|no different|neutral)\b/,
  /\b(?:little|scant|minimal|negligible|hardly any|scarcely any) (?:\w+ )?(?:differen|effect|benefit|improvement|change|impact|advantage)/, /\blittle to choose\b/, /\b(?:unable|inability|powerless|not able) to\b/, /\b(?:end ?points?|outcomes?|composite|criterion|criteria) (?:was|were) missed\b/, /\ba failure\b/, /\bleft (?:\w+ ){1,6}(?:unchanged|unaltered|as (?:it|they) w)/, /\b(?:made|makes) no\b/,
];
/** Not even as good as: "was not non-inferior". */
const worseThanEqual = /\bnot (?:quite |nearly |at all )?as (?:good|effective|efficacious|well|safe|useful|potent|successful)\b|\b(?:not|fail\w*|without|miss\w*) (?:(?:to|show|showing|shown|be|meet|meeting|reach|prove|proving|establish|demonstrate|the|its|overall|primary|target) ){0,6}(?:non inferior|noninferior)|\b(?:non inferior|noninferior)(?:ity)? (?:\w+ ){0,3}(?:not|never|missed)\b/;
const insignificance = [/\b(?:insignificant|nonsignificant|non significant)(?:ly)?\b/, /\b(?:not|never|failed to|fail to|without|missed|miss) (?:\w+ ){0,5}significan/, /\bno (?:\w+ ){0,2}significan/, /\bsignifican\w* (?:\w+ ){0,3}(?:missed|not (?:met|reached))/];
const pValue = /\bp\s*(?:-?value)?\s*([=<>≤≥:])\s*(0?[.·]\d+)/gi;

const causing = /^(?:caus|induc|trigger|precipitat|provok)/;
/** Words between a verb and what it is about. */
const reach = 5;

/** Terms whose words would say something else one by one, brought to plain ones ("brought A down": "lowered A"). */
const terms: readonly (readonly [RegExp, string])[] = [
  // Bounds of a number, and who was in the study, are no findings.
  [/\b(?:no|not) (?:higher|lower|more|less|fewer|older|younger|longer|later|greater) than (?=\W*\d)/gi, ' '], [/\b(?:more|less|fewer|greater|higher|lower|longer|shorter) than (?=\W*(?:\d|one|two|three|four|five|six|half))/gi, ' '],
  [/\b(?:who|whose|where|when|which|that)\s+(?:[\w-]+\s+){0,4}(?:not|never|no longer|cannot)\s+(?:(?:be|been|being|yet|previously|already|a|an|the|on|well|adequately|sufficiently|fully)\s+)*[\w-]+/gi, ' '],
  [/\bnot (?:yet |previously |already |currently )?(?:receiving|taking|using|given|treated|eligible|suitable|exposed|on|undergoing|requiring|needing|candidates)\b/gi, ' '],
  [/\b(?:lost|losing|lose|shed) (?:[\w-]+ ){0,3}weight\b/gi, 'weightloss'], [/\bshort[- ]lived\b|\b(?:transient|temporary|brief|passing) (?=(?:[\w-]+ )?(?:effect|benefit|response|improvement|relief|gain))/gi, 'shortlived '], [/\b(?:went|go|goes|going|kept|carried) on (?=\w+ing)|\bcontinued to (?=\w+)/gi, 'increased '],
  [/\bfree (?:of|from) (?:[\w-]+ )?\w+/gi, 'remission'], [/\b(?:well|better)[- ]tolerated\b/gi, 'safer'], [/\b(?:poorly|badly|not|less well) tolerated\b/gi, 'unsafe'],
  [/\b(?:poorly|well|un|in|inadequately|insufficiently)[- ]?controlled\b/gi, ' '], [/\bglycated ha?emoglobin\b/gi, 'hba1c'],
  // What something was for: "less effective in preventing stroke".
  [/(?<=\b(?:effective|efficacious|inferior|superior|worse|better|adequate|useful|useless)\b[^,;]{0,60}?)\b(?:for|at|in|to|of) (?:the )?(?:prevent|reduc|lower|decreas|delay|slow|improv)\w*/gi, ' regarding '],
  [/\bf(?:ell|alls?|alling) short of (?:statistical |its |the |their |their )?(?=significan|primary|end ?point|margin|target|goal)/gi, 'did not meet '], [/\bf(?:ell|alls?|alling) short(?: of)?\b/gi, 'inferior to'],
  [/\b(?:kept|keeps|keeping|held|holds|holding) (?:[\w-]+ ){1,4}?(?:at bay|in check|under control)\b(?: (?:for )?longer)?/gi, 'controlled'],
  [/\b(?:a |an )?(?:neutral|null|no) effects?\b/gi, 'no effect'],
  [/\b(?:staved off|warded off|fended off|did away with)\b/gi, 'prevented'], [/\b(?:kept|keeps) ((?:[\w-]+ ){1,3}?)away\b/gi, 'prevented $1'], [/\b(?:won over|prevailed over|had the better of)\b/gi, 'superior to'],
  [/\b(?:lost (?:out )?to|was bested by|were bested by|was no match for|were no match for|was beaten by|were beaten by|was outperformed by|were outperformed by|lagged)\b/gi, 'inferior to'], [/\bfavou?r(?:ed|s|ing) (?=(?:the )?(?:placebo|control|comparator|usual|standard))/gi, 'inferior to '],
  [/\b(?:commoner|likelier)\b/gi, 'higher'], [/\bsav(?:ed|es|ing) (?:more )?lives\b/gi, 'prolonged survival'], [/\bcost (?:more )?lives\b/gi, 'increased mortality'],
  [/\b(?:trial|study) (?:was|proved|turned out) (?:clearly )?positive\b/gi, 'metendpoint'], [/\b(?:trial|study) (?:was|proved|turned out) (?:clearly )?negative\b/gi, 'no benefit'], [/\b(?:trial|study) was (?:stopped|halted|terminated|ended)(?: early| prematurely)?/gi, ' '],
  [/\b(?:tolerated less well|less well tolerated)\b/gi, 'unsafe'], [/\bpatients (?:stopped|quit|came off)\b/gi, 'discontinuation'],
  [/\b(?:effects?|benefits?|responses?|improvements?|relief|remissions?|gains?) (?:(?:was|were|had) )?(?:[\w-]+ )?(?:persisted|lasted|endured|held up|was maintained|were maintained|was sustained|were sustained)\b/gi, 'durable response'],
  [/\b(?:effects?|benefits?|responses?|improvements?|relief|remissions?|gains?) (?:[\w-]+ )?(?:wore off|faded|waned|(?:was|were) lost|(?:did|was|were) not (?:last|lasting|sustained|maintained|durable|persist)|disappeared|vanished)\b/gi, 'shortlived'],
  [/\b(cleared|healed|resolved|recovered|improved|relieved|eased|responded|worked)((?:\s[\w-]+){0,8}?)\s(?:more slowly|later|slower|less quickly|less rapidly)\b/gi, 'worse $2'],
  [/\b(cleared|healed|resolved|recovered|improved|relieved|eased|responded|worked)((?:\s[\w-]+){0,8}?)\s(?:sooner|faster|quicker|more quickly|more rapidly|earlier)\b/gi, '$1 $2'],
  [/\b(?:lower|reduc|improv|reliev|prevent|decreas|suppress|control)\w* ((?:[\w-]+ ){1,8}?)(?:less|less well|less effectively|to a lesser extent|worse) than\b/gi, 'inferior $1 than'],
  [/\b(?:less|smaller|weaker|lesser) (?:of a )?(?:[\w-]+ )?(?:reductions?|decreases?|lowering|suppression)\b(?: in| of)?/gi, 'higher'],
  [/(?<=\b(?:slow|halt|hasten|prevent|accelerat|delay|reduc|lower|stop|curb|less|more|fewer|faster|slower|attenuat|blunt|limit|increas|speed|sped)\w*\s(?:[\w-]+\s){0,3})(?:decline|fall|drop|loss|deterioration|worsening)s? (?:in|of) (?:[\w-]+ ){0,3}?(?:function|vision|acuity|fev1|e?gfr|cognition|strength|density|weight|bone)\b/gi, 'progression'],
  [/\burinary retention\b/gi, 'urinary obstruction'], [/\b(more|less|clinical|cognitive|functional|slower|faster|greater|renal|kidney|memory) decline\b/gi, '$1 progression'], [/\bsp(?:ed|eeds?|eeding) up\b/gi, 'accelerated'],
  [/\b(?:a|an|major|clear|clearly|marked|strong|substantial|large|real|beneficial|positive|some) (?:[\w-]+ )?effects?\b/gi, 'benefit'], [/\b(?:seldom|rarely|infrequent(?:ly)?|scarcely ever|in few|in hardly any)\b/gi, 'fewer'],
  [/\b(?:useless|worthless|pointless|futile|no bearing on|no role|inert)\b/gi, 'no benefit'], [/\b(?:stay(?:ed|s)|remain(?:ed|s)) (?:as (?:it|they) w\w+|put|flat|stable)\b/gi, 'unchanged'],
  [/\((?:[^()]*\d[^()]*)\)/g, ' '],
  [/\b(?:extended|prolonged|delayed|slow|sustained)[- ]release\b/gi, ' '],
  // A sentence does not begin with its verb: "Prolonged ceftriaxone" is what was given.
  [/^\s*(?:Prolonged|Extended|Increased|Reduced|Elevated|Raised|Delayed|Improved|Extending|Prolonging|Increasing|Lowering|Reducing|Delaying|Doubling)\b/g, ' '],
  [/\b(?:longer|prolonged|extended|lengthened|increased|delayed)(?: the)?(?: median)? time (?:to|until)\b/gi, 'delayed'], [/\b(?:shorter|shortened|reduced|decreased)(?: the)?(?: median)? time (?:to|until)\b/gi, 'hastened'],
  [/\b(?:brought|drove|pushed|kept|took|got) ((?:[\w-]+ ){1,4}?)down\b/gi, 'lowered $1'], [/\b(?:brought|drove|pushed|got) ((?:[\w-]+ ){1,4}?)up\b/gi, 'raised $1'], [/\b(?:went|came|going) down\b/gi, 'fell'], [/\b(?:went|going) up\b/gi, 'rose'],
  [/\b(?:kept|keeps?|keeping|stopped|stops)\s+((?:[\w-]+\s+){0,6}?)from (\w+ing)(?: for longer)?\b/gi, 'prevented $1 $2'],
  [/\b(?:had the edge|came out ahead|fared better|did better|came off better|won out)\b/gi, 'superior'], [/\b(?:fared worse|did worse|came off worse|came out behind|lagged behind)\b/gi, 'inferior'],
  [/\bfailed (?=(?:less|more) (?:often|frequent))/gi, 'failure '], [/\b(?:less severe|milder)\b/gi, 'lessened severity'], [/\bmore severe\b/gi, 'increased severity'],
  [/\b(?:progression|event|disease|relapse|metastasis|recurrence|symptom|failure|distant metastasis)[- ]free survival\b|\b(?:PFS|OS|EFS|DFS)\b/g, 'survival'],
  [/\b(?:seizure|relapse|symptom|pain|attack|event|disease)[- ]free(?:dom)?\b|\bfreedom from \w+/gi, 'remission'],
  [/\bweight (?:loss|reduction)\b/gi, 'weightloss'], [/\b(?:lost|losing|lose) weight\b/gi, 'weightloss'],
  [/\b(?:risk[- ]to[- ]benefit|benefit[- ]to[- ]risk|risk[- ]benefit)(?: ratio)?\b/gi, ' '], [/\b(?:high|low|lower|higher|intermediate|increased)[- ]risk\b(?! of)|\bat (?:high|low|higher|increased|intermediate) (?:\w+ )?risk\b/gi, ' '],
  [/\b(?:met|achieved|reached|attained|hit) (?:its|the|their|both|all|this) (?:[\w-]+ ){0,2}(?:end ?points?|outcomes?|margin|composite|criteri\w+|goals?|targets?|objectives?|aims?)\b/gi, 'metendpoint endpoint'], [/\b(?:brought forward|earlier onset of)\b/gi, 'hastened'],
  [/\bless (?:frequent(?:ly)?|often|common(?:ly)?|likely)\b/gi, 'fewer'], [/\bmore (?:frequent(?:ly)?|often|common(?:ly)?|likely)\b/gi, 'higher'], [/\b(?:came|occurred|appeared) later\b/gi, 'delayed'],
  [/\bST[- ](?:segment[- ])?elevation\b/g, 'st'], [/\b(?:the |a )?non-?inferiority margin\b/gi, ' '], [/\bmost (?:common(?:ly)?|usual(?:ly)?|frequent(?:ly)?|often|of all|patients)\b/gi, ' '], [/\b(?:no (?:longer|more) to)\b/gi, ' '], [/\bnon[- ](?=inferior|significan)/gi, 'non '],
  [/(?<!\b(?:associated|linked|ended|came|coincided|resulted) )\b(?:with|for|of|despite|from|in) (?:worsen(?:ing|ed)|worse|better|reduced|increased|elevated|raised|lower|higher|improved|impaired)(?=\s)/gi, ' '],
];

/** Reads the direction of a sentence or a clause. */
export function directionOf(text: string): Direction {
  const plain = terms.reduce((rest, [pattern, word]) => rest.replace(pattern, ` ${word} `), text);
  const words = plain.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const found = { benefit: false, harm: false, none: false, up: false, down: false };
  const joined = words.join(' ');
  if (worseThanEqual.test(joined)) {
    return { ...found, harm: true };
  }
  if (equality.some((phrase) => phrase.test(joined)) || isInsignificant(text)) {
    return { ...found, none: true };
  }
  // "No further relapses": less of what is bad.
  words.forEach((word, i) => {
    const kind = bad.test(word) ? 'bad' : good.test(word) ? 'good' : undefined;
    const before = words.slice(Math.max(0, i - 3), i);
    if (kind && before.some((earlier) => /^(?:no|zero|without|none)$/.test(earlier)) && !before.some((earlier) => kindOf(earlier) !== undefined)) { found[kind === 'bad' ? 'benefit' : 'harm'] = true; }
  });
  let last = -9;
  words.forEach((word, i) => {
    const kind = kindOf(word);
    if (!kind || aboutControl(words, i)) {
      return;
    }
    if (causing.test(word) && words.slice(i + 1, i + 5).some((following) => kindOf(following) !== undefined)) {
      // "Caused less nausea": the second word tells.
      return;
    }
    const next = words.slice(i + 1, i + 3).map(kindOf).find((following) => following !== undefined);
    const counted = weakening.test(word) && (next === 'up' || next === 'down');
    if (next && !counted && (strengthening.test(word) || weakening.test(word))) {
      if (weakening.test(word)) {
        found[next === 'better' ? 'harm' : 'benefit'] ||= next === 'better' || next === 'worse';
      }
      return;
    }
    const before = words.slice(Math.max(0, i - 4), i);
    if (/^(?:efficac|effective|benefi|suppression|reduction|prevention|protection|control$|relief|improvement|healing|cure)/.test(word) && words.slice(Math.max(0, i - 5), i).some((earlier) => /^(?:superior|inferior|better|best|worse|worst|poor|poorer|good|favourable|unfavourable)$/.test(earlier))) {
      // "Inferior antiviral efficacy": said by its first word.
      return;
    }
    const named = /^(?:cure|relief|healing|protection|benefit)/.test(word);
    if (i - last <= (named ? 5 : 2) && (named || !before.slice(last - i).includes('and'))) {
      // "lowered doubling of creatinine", "higher clinical cure": the second is what the first is about.
      return;
    }
    if (/^(?:more|less)$/.test(word) && words.slice(Math.max(0, i - 8), i).some((earlier) => kindOf(earlier) !== undefined && !causing.test(earlier))) {
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
      last = i;
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

/** True for a word that tells a direction and not what it is about. */
export function isDirectionWord(word: string): boolean {
  return kindOf(word) !== undefined || negation.test(word) || /^(?:similar|unchanged|change[ds]?|differ|significan|comparable|alike|effect|frequent|often|met|meet|miss(?:ed)?|inferior|non|noninferior)/.test(word);
}

/** The direction as seen from the other side of a comparison: "A better than B" says that B was worse than A. */
export function reversed({ benefit, harm, none, up: more, down: less }: Direction): Direction {
  return { benefit: harm, harm: benefit, none, up: less, down: more };
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
