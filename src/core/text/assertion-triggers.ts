/** What a trigger says about the names in its scope. `weak` history is history that a chronic disease outlives ("history of asthma"). */
export interface Trigger {
  readonly pattern: string;
  readonly assertion: 'negated' | 'historical' | 'family' | 'hypothetical' | 'allergy';
  /** Which side of the trigger is in scope. */
  readonly scope: 'after' | 'before';
  /** Words that the scope reaches at most. */
  readonly reach: number;
  readonly weak?: boolean;
  /** Only names of this kind; both when absent. */
  readonly only?: 'disease' | 'drug';
  /** A comma ends the scope, even in a list. */
  readonly stopsAtComma?: boolean;
}

const KIN = '(?:(?:great[- ]?)?(?:grand)?(?:mother|father|parent|son|daughter)s?|mom|dad|mum|brothers?|sisters?|siblings?|(?:maternal |paternal )?(?:aunt|uncle|cousin|relative|nephew|niece)s?|husband|wife|spouse|' +
  'family members?|first[- ]degree relatives?)';
const POSSESSIVE = "(?:his|her|their|the|patient['’]s|a|one|both|my|an)";
const REACTION = '(?:anaphylaxis|anaphylactic (?:reaction|shock)|(?:generali[sz]ed |maculopapular |pruritic |skin |severe |allergic |diffuse |drug |morbilliform )*(?:rash|hives|urticaria)|angio-?edema|angio-?oedema|' +
  'stevens[- ]johnson(?: syndrome)?|sjs|toxic epidermal necrolysis|dress(?: syndrome)?|bronchospasm|lip swelling|facial swelling|tongue swelling|throat swelling|(?:allergic|hypersensitivity|adverse) (?:drug )?reactions?|' +
  'hypersensitivity|serum sickness)';

/** Phrases that look like a trigger and are none. They shield the text they cover. */
export const PSEUDO_TRIGGERS: readonly string[] = [
  'no (?:significant |further |substantial |appreciable |clear |major |statistically significant |apparent |clinical |real |adequate |definite |satisfactory |noticeable )*' +
    '(?:increases?|changes?|improvements?|differences?|decreases?|response(?! to)|relief|benefits?|effects?|worsening|reductions?|control|resolution|progression|correlation|association|issues? (?:with|taking)|problems? (?:with|taking)|delay|recovery)',
  'not only', 'not necessarily', 'not just', 'not certain(?: whether| if)?', 'not sure(?: whether| if)?', 'not known whether', 'not (?:well |adequately |fully |completely |optimally |been |being )*(?:controlled|improved?|improving|relieved|responding|responsive|respond|resolved?|treated)',
  '(?:did|does|do|has|have|had|was|were)(?: not|n[\'’]t) (?:respond(?:ed|ing)?(?! to)|improved?|improving|resolved?|work(?:ed|ing)?|help(?:ed|ing)?|change|achieve|control(?:led)?|relieved?|complete[ed]*)', 'not (?:beneficial|helpful|effective|useful|sufficient)', '(?:including )?(?:but )?not limited to', 'no doubt', 'no other', 'without (?:improvement|relief|response|success|benefit|any improvement|difficulty|delay|effect|change|treatment|further)',
  'could not be (?:controlled|treated|continued)', 'cannot (?:walk|sleep|eat|stand|breathe)', 'unable to (?:walk|sleep|eat|stand|breathe|work|speak)', 'not (?:able|unable) to (?!tolerate)\\w+', 'not compliant', 'not adherent', 'non-?complian(?:t|ce) with', 'not drain',
  'gram[- ]negative', '(?:triple|her-?2|er|pr|estrogen receptor|hormone receptor|oestrogen receptor|seron?|smear|culture|rf|ccp)[- ]negative', 'negative (?:symptoms|inotrop\\w+|pressure|affect|feedback|predictive|margins?|balance|thoughts|emotions)', 'coagulase[- ]negative',
  'no known (?:drug |medication |food |medicine |environmental )*(?:allerg(?:y|ies)|intolerances?)', 'no (?:drug |medication |food |environmental )*(?:allerg(?:y|ies)|intolerances?)(?! (?:to|against))', 'nkda', 'nka', 'den(?:ies|ied|ying) (?:any |known |drug |medication )*allergies(?! to)',
  'allergic (?:rhinitis|conjunctivitis|asthma|disease|diathesis|bronchopulmonary|contact|rhinoconjunctivitis|dermatitis|march|bronchitis|keratoconjunctivitis)', '(?:seasonal|environmental|food|pollen|dust|pet|cat|peanut|nut|egg|milk|latex|contrast) allerg(?:y|ies)',
  'history (?:was|is) (?:obtained|taken|provided|given|reviewed|limited|unremarkable|noncontributory)', 'history and physical', 'history of (?:the )?present(?:ing)? (?:illness|complaint)',
  'previously (?:healthy|well|fit|asymptomatic|unknown|undiagnosed|known|described|reported|mentioned|published)', 'previous (?:studies|reports?|study|work|research|publications?)', 'prior to', 'previous to', 'past (?:few |several |two |three |\\d+ )?(?:day|week|month|hour|year|night)s?',
  // Duration of what is still there.
  '(?:(?:\\d+|one|two|three|four|five|six|seven|eight|nine|ten|twelve|few|several|many|couple)[- ]?(?:of )?(?:to \\d+[- ])?(?:hour|hr|day|week|wk|month|mo|year|yr)s?[- ]?(?:old )?|long(?:-| )?(?:standing)?|lifelong|chronic|recent|short|known|brief|strong|prolonged|progressive|' +
    'weeks?|months?|years?|days?)[\'’]? history (?:of|for|significant for|positive for)', 'with a history of \\d+ (?:day|week|month|year)s? of', 'history of (?:a |an )?(?:\\d+|one|two|three|four|five|six|seven|several|few)[- ](?:hour|day|week|month|year)s?',
  `(?:${POSSESSIVE} )?${KIN} (?:(?:has|had|also|has also|had also|who) )?(?:reports?|reported|states?|stated|says|said|not(?:es|ed|iced?)|noticed|denie[sd]|describe[sd]|gave|brought|confirms?|confirmed|worrie[sd]|believes?|believed|is concerned|was concerned|called|thinks?|` +
    'is present|was present|accompanied|is worried|observed|recalls?|recalled|mentions?|mentioned|consented|found|provided|refused|agreed|told|came|decided|explained)',
  `(?:brought (?:in |to \\w+ )?by|accompanied by|lives with|living with|resides with|according to|here with|with|per|from|by|informed) (?:${POSSESSIVE} )?${KIN}`, `${KIN} of (?:one|two|three|four|five|six|\\d+|a|his|her|the)`, 'mother(?:-to-|s? to )', 'family (?:physician|doctor|practice|practitioner|medicine|planning|meeting)',
  'if (?:not )?(?:possible|available|feasible|any|anything|so|needed)', 'even if', 'as if', 'what if', 'ask(?:ed|ing)? if', 'wonder(?:s|ed|ing)? if', 'see if', 'know if', 'determine if',
  'high[- ]risk', 'low[- ]risk', 'risk[- ]stratif\\w+', 'risk factors?(?! for)', 'risks? and benefits?', 'rule of', 'with no (?:complications|complication)', 'no longer than', 'no (?:more|less|later|fewer) than', 'not (?:more|less) than',
  'stopped (?:breathing|working|eating|school)', 'resolved (?:with|on|after|following|by)', 'prior (?:authorization|level)',
  'sensitive to', 'previous (?:visit|appointment|day|week|month|year|night|clinic)',
  // "no X other than Y": Y is there.
  'not otherwise specified', 'nos',
];

const NEGATION: readonly Trigger[] = [
  {
    pattern: '(?:absolutely )?no(?! (?:longer|one|\\d))|(?:absence|free|lack) of|(?:clear|devoid) of|den(?:ies|ied|y|ying)(?: any| having| known)?|without|negative (?:for|of)|negatives? includ(?:e|ing)|fail(?:s|ed|ing)? to (?:show|reveal|demonstrate|detect|identify)|' +
      'not? (?:any )?(?:evidence|sign|signs|history|symptoms|suggestion|indication|known (?:history|case)|past history|personal history|prior history|previous history|suspicion|concern|complaints?) (?:of|for|to suggest|suggesting|suggestive of|consistent with)|' +
      '(?:does|do|did|has|had|have|is|was|were|are|doesn[\'’]?t|don[\'’]?t|didn[\'’]?t|hasn[\'’]?t|hadn[\'’]?t|haven[\'’]?t|isn[\'’]?t|wasn[\'’]?t) ?(?:n[o\'’]t|never)(?: have| had| been| known| any| taking| take| on| diagnosed with)*|' +
      '(?:doesn|don|didn|hasn|hadn|haven|isn|wasn|weren|aren)[\'’]?t(?: have| had| any| take| taking| been)*|never (?:had|been|took|taken|used|diagnosed)|(?:never|neither)(?: had| has| have| been| was| were)?|not|nor|nil|(?:has |have |had )?excluded|excludes|excluding|ruled out(?: for)?|rules out|ruling out(?! the)|n(?:or|either) (?:did|does|has|had|was|is) (?:the patient|he|she|they)(?: have| had| report)?|' +
      'unremarkable for|not consistent with|inconsistent with|against(?= (?:a |the )?diagnosis)|no h/o',
    assertion: 'negated', scope: 'after', reach: 24,
  },
  {
    pattern: '(?:was|were|is|are|has been|have been|had been|being|be|been|was also|were also) (?:ruled out|excluded|denied)(?! for)|(?:ruled out|excluded|denied)(?= *(?:[.,;)]|$|by\\b|with\\b|on\\b))|' +
      '(?:(?:was|were|is|are|has been|have been|had been|been) )?(?:not (?:present|detected|found|seen|identified|observed|noted|demonstrated|evident|visuali[sz]ed|reported|suspected|considered|supported|confirmed|apparent|appreciated|performed|given|used|prescribed|indicated|likely)|' +
      '(?:all )?(?:negative(?! for)|nonreactive|non-reactive|absent|unlikely|unremarkable))|(?:came back|returned|turned out|tested) (?:as )?negative(?! for)|' +
      '(?:tests?|testing|serology|screen(?:ing)?|smears?|pcr|antigen|antibod(?:y|ies)|results?|swabs?|panel|markers?)(?: \\w+){0,3} negative(?! for)|[:(-]+ ?(?:negative|neg|none|absent|denied|denies|nil|no)(?= *(?:[.,;)]|$))|\\(-\\)|-ve|(?:is|was) less likely',
    assertion: 'negated', scope: 'before', reach: 14,
  },
  { pattern: '[- ]negative(?= *(?:[,.;)]|$|and |or |status|by|on|at|patient|individual|subject))|[- ]seronegative', assertion: 'negated', scope: 'before', reach: 5 },
];

const HISTORY: readonly Trigger[] = [
  { pattern: '(?:(?:past|previous|prior|known|significant|personal|medical|remote|distant|childhood|positive|social|surgical|clinical) ?)*(?:medical )?(?:history|hx|h/o)(?: (?:is|was))?(?: (?:also|otherwise|only))?(?: (?:of|significant for|notable for|remarkable for|positive for|includ(?:es|ed|ing)|relevant for|consist(?:s|ed) of|for|with|:))|h/o|hx(?: of)?|pmhx?(?: of| significant for| includes| notable for)?|known case of|past medical history', assertion: 'historical', scope: 'after', reach: 40, weak: true, only: 'disease' },
  { pattern: '(?:remote|distant|childhood|past|prior|previous|old) (?:history|hx|episodes?) of|s/p|status[- ]post|prior|previous(?:ly)?|previously (?:had|diagnosed with|treated for)|past|formerly|former|recovered from|cured of|treated for(?= .{0,40}(?:ago|in (?:19|20)\\d\\d))|in remission from|had had|survivor of|resolved|remote', assertion: 'historical', scope: 'after', reach: 7, only: 'disease', stopsAtComma: true },
  { pattern: 'in (?:early |late |his |her |their )*childhood|as (?:a|an) (?:child|infant|baby|teenager|adolescent|kid)|(?:has|have|had|was|were|is|now|completely|fully|since|subsequently)? ?resolved|in (?:complete )?remission|(?:\\d+|one|two|three|several|many|few|ten|twenty) years (?:ago|earlier|before|back|previously)|in (?:the )?past(?! (?:\\w+ )?(?:day|week|month|hour|year|night)s?)|in (?:19|20)\\d\\d|survivor|remotely', assertion: 'historical', scope: 'before', reach: 12, only: 'disease' },
  {
    pattern: '(?:previously|formerly|earlier|initially|past(?:ly)?) (?:treated with|received|on|took|taking|tried|used|prescribed|given|been on|managed with)|(?:stopped|discontinued|ceased|quit|discontinuation of|cessation of|withdrawal of|weaned off|tapered off|off|no longer (?:on|taking|takes|uses|using)|stop|discontinue|held|hold|holding|withheld|stopping|discontinuing|' +
      'failed|failure of|failing|refractory to|resistant to|unresponsive to|inadequate response to|(?:(?:did|does|do|has|have|was|were|is) ?)?(?:not|n[\'’]t) (?:been )?respond(?:ed|ing)? to(?: the)?(?: usual)?|no response to|previous (?:treatment|therapy|use|trials?|courses?)(?: (?:with|of))?|prior (?:treatment|therapy|use|trials?|courses?)(?: (?:with|of))?|completed (?:(?:a|his|her|the|\\d+) )?(?:\\w+ )?(?:course|cycles?|treatment|therapy|days|weeks|doses?)(?: (?:of|with))?|history of (?:treatment with|taking|using)|past use of|tried|previous|prior)',
    assertion: 'historical', scope: 'after', reach: 8, only: 'drug',
  },
  { pattern: '(?:was|were|has been|had been|have been|is being|being|been|to be|then|subsequently)? ?(?:discontinued|stopped|withdrawn|ceased|suspended|held|withheld|tapered off|completed)|(?:in the past|years ago|months ago|previously)|without (?:improvement|relief|response|success|benefit|any improvement|effect)|failed', assertion: 'historical', scope: 'before', reach: 10, only: 'drug' },
];

const SUBSTANCE: readonly Trigger[] = [
  { pattern: '(?:switched|changed|transitioned|converted) from', assertion: 'historical', scope: 'after', reach: 2, only: 'drug' },
  { pattern: '(?:quit|stopped|gave up|former(?:ly)?|ex|cessation of|abstinent from)(?=[- ](?:\\w+ )?(?:smok|drink|alcohol|tobacco|cigar|drug))', assertion: 'historical', scope: 'after', reach: 3, only: 'disease' },
];

const FAMILY: readonly Trigger[] = [
  { pattern: '(?:family|familial) (?:medical )?(?:history|hx)|fhx?(?= |:)|family members? with', assertion: 'family', scope: 'after', reach: 60 },
  { pattern: `${KIN}(?: (?!patient|but)[\\w'’-]+){0,4}? ?(?:\\b(?:has|had|have|having|with|died|dies|passed|diagnosed|suffer(?:s|ed|ing)?|was|is|were|are|who|also|developed|took|takes|use[sd]?)\\b|[:(,-])`, assertion: 'family', scope: 'after', reach: 30 },
  { pattern: '(?:maternal|paternal|parental)(?! (?:age|side|and fetal))', assertion: 'family', scope: 'after', reach: 4 },
  { pattern: `(?:in|affecting) (?:${POSSESSIVE} )?(?:\\w+ )?(?:${KIN}|family)|runs? in (?:the |his |her )?family|\\((?:${KIN}|maternal|paternal)[^)]*\\)| - (?:${KIN})`, assertion: 'family', scope: 'before', reach: 14 },
];

const HYPOTHETICAL: readonly Trigger[] = [
  { pattern: 'if|should (?:he|she|they|the patient|there|you|symptoms)|in case of|in the event of|unless|whether', assertion: 'hypothetical', scope: 'after', reach: 14, stopsAtComma: true },
  { pattern: '(?:increased |high |higher |elevated |low |reduced |decreased |greater |lifetime |cardiovascular )*risks? (?:of|for|factors? for)|at risk (?:of|for)|risk[- ]reduction|predispos\\w+ to|susceptib\\w+ to|screen(?:ed|ing|s)?(?: tests?)? for|screening|monitor(?:ed|ing)? for|watch(?:ed|ing)? for|evaluat(?:e|ed|ion|ing) for|' +
      'assess(?:ed|ing|ment)? for|test(?:ed|ing)? for|look(?:ed|ing)? for|work-?up for|investigat(?:e|ed|ion|ions|ing) for|prevent(?:ion|ing|s)?(?: of)?|to prevent|prophyla(?:xis|ctic)(?: (?:for|of|against))?|protect(?:ion|s)? (?:against|from)|' +
      'vaccinat\\w+ (?:against|for)|immuni[sz]ed against|rule[- ]?out|to rule out|r/o|to exclude|exclude|differential(?: diagnos[ie]s)?(?: (?:includ(?:es|ed|ing)|was|is|of|were|are|considered))?|versus|worr(?:y|ied|ies) about|afraid of|fear of|education (?:on|about|regarding)|precautions? for|' +
      '(?:may|can|could|might)(?: also)? (?:develop|cause|lead to|result in)|could be|might (?:be|have|develop)|counsel(?:ed|led|ing) (?:on|about)', assertion: 'hypothetical', scope: 'after', reach: 12, only: 'disease' },
  { pattern: 'consider(?:ed|ing)? (?:starting|adding|switching to|using)?|could (?:start|add|try)|may (?:need|require|benefit from)|versus|recommend(?:ed)? (?:against|avoiding)|avoid(?:ing)?', assertion: 'hypothetical', scope: 'after', reach: 8, only: 'drug' },
  { pattern: '(?:cannot|can not|could not|couldn[\'’]t) be (?:ruled out|excluded)|(?:needs?|has|have) to be ruled out|must be (?:excluded|ruled out)|to be ruled out|screen(?:ing)?|prophylaxis|prevention|risk|vaccin(?:es?|ations?)|immuni[sz]ations?', assertion: 'hypothetical', scope: 'before', reach: 5, only: 'disease' },
];

const ALLERGY: readonly Trigger[] = [
  {
    pattern: '(?:allerg(?:y|ies|ic)|allergic reactions?|hypersensitiv(?:e|ity)|intoleran(?:t|ce)|intolerances?|adverse (?:drug )?reactions?|reacts?|reacted)(?: \\w+)? (?:to|of|against|include[sd]?|including|are|is|with)|(?:allerg(?:y|ies)|adrs?|intolerances?|drug allergies) ?[:=-]|' +
      '(?:did|does|could|can|has|had)? ?(?:not|n[\'’]t|cannot|couldn[\'’]t|can[\'’]t|didn[\'’]t|doesn[\'’]t) (?:been able to )?tolerate[d]?|unable to tolerate|not able to tolerate|poor(?:ly)? toler(?:ance|ated)(?: (?:of|to))?',
    assertion: 'allergy', scope: 'after', reach: 24, only: 'drug',
  },
  { pattern: `${REACTION}(?: \\w+){0,2}? (?:to|with|from|on|after|following|due to|secondary to|caused by|induced by|triggered by|upon|while on|while taking)(?: (?:taking|starting|receiving|exposure to|use of|administration of|the|oral|iv|intravenous|a|an|dose of|\\w+ dose of))*`, assertion: 'allergy', scope: 'after', reach: 6, only: 'drug', stopsAtComma: true },
  { pattern: '[- ](?:allerg(?:y|ies|ic)|intoleran(?:ce|t)|hypersensitivity|anaphylaxis)(?! (?:to|rhinitis|asthma))|(?:is|was|were|has been|could)? ?(?:not tolerated|poorly tolerated)', assertion: 'allergy', scope: 'before', reach: 8, only: 'drug' },
  { pattern: `(?: ?[-:=>→(]+ ?|,? (?:which )?(?:causes?|caused|gives?|gave|leads? to|led to|resulted in|produces?|induces?|induced)(?: (?:a|an|him|her|severe|diffuse))* |[- ]induced |-associated |-related | )(?:reaction[: ]+)?${REACTION}`, assertion: 'allergy', scope: 'before', reach: 3, only: 'drug' },
];

export const TRIGGERS: readonly Trigger[] = [...NEGATION, ...HISTORY, ...SUBSTANCE, ...FAMILY, ...HYPOTHETICAL, ...ALLERGY];
