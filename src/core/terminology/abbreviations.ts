/** Ambiguous abbreviations: what tells that the concept of the terminology is meant. */
interface AbbreviationRule {
  /** The text has to hold this somewhere (lower-case text), else the abbreviation means something else. */
  readonly needs?: RegExp;
  /** The text must not hold this (lower-case text). */
  readonly not?: RegExp;
  /** Just before the abbreviation (text as written). */
  readonly before?: RegExp;
  /** Just after the abbreviation (text as written). */
  readonly after?: RegExp;
}

const SEIZURES = /seiz|epilep|convuls/;
const HEART_RHYTHM = /fibrill|tachycard|arrhythm|defibrill|palpit|anticoag|icd\b|ablation|ventricular/;

const RULES: Readonly<Record<string, AbbreviationRule>> = {
  RA: { needs: /rheum|arthriti|joint|methotrexate|dmard|cizumab|synov|liximab|limumab|anercept|chloroquine/, before: /(?:\bon|%|% on|sat\w*|\bO2|room air|while on|LA|RV|dilated|enlarged|the) $|-$/, after: /^ ?(?:pressure|and RV|\/|\(room| \d|enlarge|dilat|appendage)/ },
  PE: { needs: /embol|dyspn|short(?:ness)? of breath|anticoag|heparin|dvt|thromb|d-dimer/, before: /(?:\bon|physical|the|his|her) $/, after: /^ ?[:-]| (?:tubes?|revealed|showed|findings)\b/ },
  ED: { needs: /erect|sexual|impoten|sildenafil|tadalafil/, before: /(?:\bthe|\bto|\bin|\bour|from|\bby|\ban|via|local|at|outside|hospital|per) $/, after: /^ ?(?:physician|visit|course|staff|with|by|and|team|doctor|presentation|on|where|,|\.)/ },
  MS: { needs: /scleros|demyelin|interferon|relaps|rrms|oligoclonal|ocrelizumab|natalizumab|fingolimod|neurolog/, before: /(?:LC[-/ ]?|GC[-/ ]?|tandem|Mr|Dr|\/|[Dd]ear) ?$/, after: /^(?:\.[A-Z]| ?contin|\/MS|[- ]?MS|,? RN| \d| [A-Z][a-z]+ (?:is|was)|:|-?CT)/ },
  AS: { needs: /spondyl|ankylos|aortic/, after: /^ (?:NEEDED|DIRECTED|[A-Z]{2,})/ },
  AF: { needs: HEART_RHYTHM, after: /^ ?(?:VSS|\/VSS|,? VSS)/ },
  VT: { needs: HEART_RHYTHM }, VF: { needs: HEART_RHYTHM },
  PD: { needs: /parkinson|levodopa|tremor|dopamin|rigid|bradykin/, before: /(?:\bon|peritoneal|\d|Ph|inter) ?$/, after: /^[- ]?(?:L1|1\b|catheter|L-1)/ },
  CF: { needs: /cystic|fibrosis|cftr|pseudomonas|sweat|tobramycin|dornase|ivacaftor/, after: /^ (?:\d|[a-z]\.)/ },
  CD: { needs: /crohn|bowel|ile(?:um|al|itis)|fistul|colon/, after: /^ ?\d|^[- ]?(?:ROM|R\b)/ },
  UC: { needs: /colitis|colon|bowel|rect|diarrh|mesala/, before: /(?:[Uu]rgent|to|the) $/ },
  ALL: { needs: /leuk|lymphobl|blast|chemo/, after: /^ ?(?:[A-Z]{2,}|of|other|systems|:)/ },
  DM: { not: /dermatomyositis/, after: /^ ?\d+ ?(?:mg|ml)|^ ?\(dextro/ },
  HF: { before: /(?:hip |[Hh]igh[- ]flow ?)$/ },
  AD: { needs: /alzheimer|dement|memory|atopic|eczema/, before: /\d ?$/, after: /^ ?(?:\d|lib|libitum|hoc)/ },
  CAP: { needs: /pneumon|cough|respir|infiltrat|consolidat/, after: /^ ?(?:refill|\d)/ },
  BP: { needs: /pemphigoid|bullous|bullae|blister/, before: /(?:[Hh]er|[Hh]is|[Tt]he|systolic|diastolic|high|low|raised|elevated|normal|mean|pulse|HR|and|,|\d) ?$/, after: /^ ?(?:\d|[:=,/<>≥≤]|\(?mm|of \d|was|is|on|control|measure|monitor|reading|medic|and (?:HR|pulse|heart))/ },
  GC: { needs: /gastr|stomach/, not: /gonorrh|gonococ|glucocort|germinal cent|giant cell/, after: /^ ?(?:content|[-/])/ },
  PCP: { needs: /pneumocystis|jirovec/, before: /(?:[Hh]er|[Hh]is|[Tt]he|[Bb]y|[Tt]o|[Ww]ith|[Ff]rom|[Aa]|[Nn]ew) $/ },
  TB: { after: /^ ?\d|^-LAM/ },
  PPH: { needs: /post-?partum|deliver|obstet|uter(?:us|ine)|atony/ },
  CBD: { needs: /cannab|epilep|seiz|hemp/, not: /bile duct|biliary|cholecyst|gallstone/ },
  HU: { needs: /hydroxy|sickle|polycyth|thrombocyth|leuk/, before: /\d ?$/ },
  SMA: { needs: /spinal muscular|smn1|motor neuron|nusinersen|risdiplam/ },
  MRA: { needs: /aldosterone|spironolactone|eplerenone|mineralocorticoid|finerenone/, after: /^ (?:brain|of|showed|revealed|head|neck)/ },
  HCL: { needs: /hairy/ }, GAD: { before: /anti-?$/, after: /^ ?(?:65|antibod|negative|positive)/ }, CAD: { after: /^\/CAM/ }, SCD: { needs: /sickle|h[a]?emoglobin|hydroxyurea/ },
  LAM: { needs: /lymphangio|sirolimus/ }, HIT: { needs: /heparin/ }, MPA: { needs: /medroxy|contracep|depot/ }, MMA: { needs: /methylmal/ }, NPC: { needs: /niemann/ },
  EE: { needs: /estradiol|contracep/ }, PCC: { needs: /prothrombin|warfarin|\binr\b|bleed/ }, SPS: { needs: /potassium|kayexalate|hyperkal/ }, STS: { needs: /sarcoma/ },
  PML: { needs: /leu[ck]oencephalop|jc virus|natalizumab/, after: /^[-/: ]{0,2}RAR/ },
  AIS: { needs: /stroke/ }, APS: { needs: /phospholip|lupus|thromb/ }, SBS: { needs: /bowel/ }, LEV: { needs: SEIZURES }, TPM: { needs: SEIZURES }, PHT: { needs: SEIZURES }, GBP: { needs: /neuropath|seiz|pain/ },
  ATO: { needs: /leuk|arsenic/ }, ASA: { before: /5-?$/, after: /^ ?(?:class|physical|status|score|grade|[1-5]\b|I+\b|IV\b)/ }, IDA: { needs: /iron|ferritin|an[a]?emi/ }, ESA: { needs: /erythropo|an[a]?emi|epoetin|darbepo/ },
  CRE: { needs: /carbapenem|klebsiella|enterobact/ }, CRI: { needs: /kidney|renal/ }, MHV: { needs: /valve/ }, AIP: { needs: /porphyr/ }, AHP: { needs: /porphyr/ }, SUD: { needs: /substance|opioid|cocaine|alcohol|drug use/ },
  NRT: { needs: /nicotin|smok|tobacco/ }, MCI: { needs: /cognit|memory|dement/ }, Li: { needs: /lithium|bipolar|mania/ }, PBA: { needs: /pseudobulbar|laugh|crying/ }, TSC: { needs: /tuberous|sclerosis/ }, HES: { needs: /eosinoph/ },
};

/** Decides for one text whether an abbreviation found in it means its concept. */
export class AbbreviationContext {
  private lower: string | undefined;
  private readonly verdicts = new Map<string, boolean>();

  constructor(private readonly text: string) {}

  accepts(start: number, end: number): boolean {
    const word = this.text.slice(start, end);
    const rule = RULES[word];
    if (rule === undefined) return true;
    if (rule.before?.test(this.text.slice(Math.max(0, start - 40), start)) === true || rule.after?.test(this.text.slice(end, end + 40)) === true) return false;
    let verdict = this.verdicts.get(word);
    if (verdict === undefined) {
      this.lower ??= this.text.toLowerCase();
      verdict = (rule.needs?.test(this.lower) ?? true) && rule.not?.test(this.lower) !== true;
      this.verdicts.set(word, verdict);
    }
    return verdict;
  }
}
