/** Reasons why a name found at a place does not mean its concept there. All patterns see lower-case text. */

interface Guard {
  /** Comparison form (see `nameKey`) of the matched words, anchored by the caller. */
  readonly key: RegExp;
  /** Text just before the match, trimmed at the start to 40 characters. */
  readonly before?: RegExp;
  /** Text just after the match, 40 characters at most. */
  readonly after?: RegExp;
}

const ANALYTE = '(?:potassium(?:chloride)?|calcium|sodium(?:chloride)?|magnesium|iron|zinc|copper|glucose|insulin|albumin|cortisol|testosterone|estradiol|progesterone|prolactin|thyroxine|' +
  'triiodothyronine|levothyroxine|folate|folicacid|vitamin[abdek]\\d*|cobalamin|cyanocobalamin|phosphate|bicarbonate|lactate|oxygen|cholesterol|growthhormone|parathyroidhormone|erythropoietin|' +
  'vasopressin|oxytocin|glucagon|adrenaline|epinephrine|norepinephrine|noradrenaline|dopamine|serotonin|histamine|melatonin|hydrocortisone|carnitine|creatine|' +
  'acth|corticotropin|hcg|chorionicgonadotropin|humanchorionicgonadotropin|epo|gh|pth|thyroidhormone|t3|t4|ldl|hdl|' +
  'aldosterone|renin|angiotensin2|interferongamma|interferonalpha|heparin)';

const GUARDS: readonly Guard[] = [
  // A measured or bodily substance is not a drug that the patient takes.
  {
    key: new RegExp(`^${ANALYTE}$`),
    before: /(?:serum|plasma|blood|urine|urinary|fasting|csf|total|free|ionised|ionized|corrected|low|high|elevated|decreased|increased|normal|reduced|raised|endogenous|dietary|random|morning|levels? of|concentrations? of|deficien(?:cy|t) (?:of|in)|lack of|absence of|excess(?:ive)?|check|lab[s:]*|serum levels of) $/,
  },
  {
    key: new RegExp(`^${ANALYTE}$`),
    after: /^(?:[- ](?:levels?|concentrations?|deficien\w+|resistan\w+|sensitiv\w+|secret\w+|metabolism|homeostasis|channels?|stores?|overload|status|studies|studi\w+|saturation|balance|intake|excretion|receptors?|content|sparing|signal\w*|pathway|release|reuptake|syndrome|requirement|antibod\w+|dependent|induced|binding|transport\w*|loss|wasting|restrict\w+|antagonis\w+|gradient|oxalate|deposit\w*|score|free|antibody|like|growth)\b| ?[:=(<>]? ?\(?\d|(?: (?:was|were|is|of|at))? \d+(?:\.\d+)? ?(?:mmol|meq|mg\/d|g\/d|g\/l|[µμu]g\/|ng\/|[µμu]?mol|nmol|pg\/|iu\/l|[µμ]u\/)| (?:was|were|is|are) (?:normal|low|high|elevated|within|raised|decreased|increased|reduced|undetectable|also|found))/,
  },
  { key: /^hypertension$/, before: /(?:portal|pulmonary|pulmonary arterial|intracranial|ocular|abdominal|compartment|venous|white[- ]coat|portopulmonary|endocranial|cranial|hepatic|biliary|arteriolar) $/ },
  { key: /^hypertension$/, after: /^,? (?:pulmonary|portal|intracranial)\b/ },
  { key: /^depress(?:ion|ive)/, before: /(?:\bst|\bst[- ]segment|segment|respiratory|marrow|myelo|cns|cardiac|myocardial|immune|wave|pr|joint|skull|skin|central|sternal|articular|surface|nervous system|bone) $/ },
  { key: /^depression$/, after: /^ (?:of (?!mood)|in (?:the )?(?:leads?|v\d|inferior|lateral|anterior)|fracture|≥|>|\d)/ },
  { key: /^septic$/, after: /^ (?:arthritis|emboli|joint|shock|abortion|work-?up|screen|tank)/ },
  { key: /^stroke$/, before: /(?:heat|sun|breast|key|brush|swallow|power) ?$/ },
  { key: /^stroke$/, after: /^[- ](?:volume|work|index|unit|rehabilitation unit|belt|physician)\b/ },
  { key: /^atherosclerotic$/, after: /^ (?:risk|cardiovascular risk)/ },
  { key: /^tuberculous$/, before: /non[-‐‑– ]$/ },
  { key: /^diabete$/, after: /^ (?:insipidus|insipid)/ },
  { key: /^asthma$/, before: /cardiac $/ },
  { key: /^shock$/, after: /^ (?:wave|therapy|treatment|absorb)/ },
  { key: /^(?:heartfailure|hepaticfailure|renalfailure|kidneyfailure)$/, after: /^ (?:risk|clinic|unit)\b/ },
  { key: /^anemia$/, before: /(?:sickle cell|fanconi|aplastic|pernicious|ha?emolytic|blackfan|sideroblastic|megaloblastic) $/ },
  { key: /^(?:anxiety|depression)$/, after: /^ (?:scale|score|inventory|questionnaire)/ },
  { key: /^arthritis$/, before: /(?:septic|reactive|gouty|psoriatic|rheumatoid|juvenile idiopathic|infectious|pyogenic|viral|crystal) $/ },
  { key: /^pneumonia$/, before: /(?:organi[sz]ing|interstitial|eosinophilic|lipoid|desquamative|pneumocystis|pneumocystis (?:carinii|jirovecii)|aspiration|hypersensitivity) $/ },
  { key: /^meningitis$/, before: /(?:aseptic|viral|carcinomatous|leptomeningeal|neoplastic|cryptococcal|tubercul\w+|fungal) $/ },
  { key: /^ulcer(?:ation)?$/, before: /(?:corneal|oral|genital|aphthous|skin|leg|foot|pressure|decubitus|venous|mouth) $/ },
  { key: /^(?:insulin|glucose)$/, after: /^(?:oma|[- ]like)/ },
  { key: /^hepatitisb$/, after: /^ (?:immune globulin|vaccin|immuni[sz]ation)/ },
  { key: /^lowsodium$/, after: /^ (?:diet|group|intake|meal)/ },
  { key: /^anticoagulant$/, before: /lupus $/ },
  { key: /^fall$/, after: /^ (?:asleep|in\b|into|of\b|under|within|below|outside|short|back|behind|through|back)/ },
  // Who the patient is, not whom they have: "the child", not "no children" or "as a child".
  { key: /^child$/, before: /(?<!\b(?:the|this|our) )$/ },
  { key: /^(?:children|pediatric|young)$/, before: /$/ },
  { key: /^bronchitis$/, before: /(?:chronic|obstructive|plastic|eosinophilic) $/ },
  { key: /^obesity$/, before: /non $/ },
  { key: /^(?:gout|obesity|migraine)$/, after: /^(?:weed| surgery clinic)/ },
  // "allergic" is how the patient reacts, not what they have.
  { key: /^tuberculosis$/, after: /^ (?:skin test|screening|test|vaccin)/ },
  { key: /^(?:influenza|flu|covid|mmr|hepatitisb|hepatitisa|measle|rab(?:ie|y)|tetanus|pertussis|diphtheria|zoster|herpeszoster|shingle|varicella|polio\w*|pneumococcal\w*|rubella|tuberculosis|covid19)$/, after: /^(?: virus)? (?:vaccin|immuni[sz]ation|shot|jab|booster|toxoid|prophylaxis|immunoglobulin)/ },
];

const GLUED_PREFIX = /(?:^|[^\p{L}\p{N}])(?:anti|pre|pro|para|pseudo|extra|quasi)[-‐‑– ]?$/u;

/** Whether the words matched at `start`..`end` mean something else there. */
export function isGuarded(text: string, start: number, end: number, key: string, abbreviation: boolean): boolean {
  const before = text.slice(Math.max(0, start - 40), start);
  const after = text.slice(end, end + 40);
  // "anti-TB", "pre-eclampsia", "anti-hypertensive": the prefix makes another word.
  if (/[-‐‑– ]$/.test(before) && GLUED_PREFIX.test(before.toLowerCase())) return true;
  // "flu-like symptoms" are not influenza.
  if (/^[- ](?:like|type)\b/i.test(after) && !/^ type [12]/i.test(after)) return true;
  const lowerKey = abbreviation ? key.toLowerCase() : key;
  if (!GUARDED.test(lowerKey)) return false;
  const lowerBefore = before.toLowerCase().replace(/\s+/g, ' ');
  const lowerAfter = after.toLowerCase().replace(/\s+/g, ' ');
  return GUARDS.some((guard) => guard.key.test(lowerKey) && (guard.before?.test(lowerBefore) === true || guard.after?.test(lowerAfter) === true));
}

const GUARDED = new RegExp(GUARDS.map((guard) => `(?:${guard.key.source})`).join('|'));
