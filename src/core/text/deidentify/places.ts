import { notNames } from './notNames';
import { cities, regions, stateCodes } from './placeLists';
import type { Finding } from './types';

const CAP = "(?:\\p{Lu}[\\p{L}\\p{M}'’-]{1,30}|(?:St|Mt|Ft|[A-Z])\\.)";
const CAPS = `${CAP}(?: (?:of |de |del |la |the |do |da |an der |am |upon )?${CAP}){0,4}`;
const STREET = '(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Way|Place|Pl|Terrace|Ter|Square|Sq|Highway|Hwy|Parkway|Pkwy|Circle|Cir|Close|Crescent|Cres|Trail|Trl|Loop|Alley|Row|Gardens|Grove|Parade|Walk|Pike|Hill|Mews|Quay|Plaza|View|Rise|Green|Wharf|Bend|Run|Cove|Heights)';
const UNIT = '(?:,? (?:Apt|Apartment|[Tt]railer|[Ll]ot|Suite|Ste|Unit|Flat|Floor|Fl|Room|Rm|#)\\.? ?#?[A-Z0-9-]{1,6})?';
const FACILITY = '(?:Hospitals?|Hosp|General|Infirmary|Pavilion|Polyclinic|Surgery|Elective Cent(?:er|re)|Heart Cent(?:er|re)|Research Unit|Research Cent(?:er|re)|Pathology Associates|Associates|Feed & Seed|Motors|Foundry|Brewery|Shipyard|Hospital Center|Medical Cent(?:er|re)|Medical Group|Medical Associates|Clinics?|Health Cent(?:er|re)|Health System|Healthcare|Infirmary|Nursing Home|Nursing Facility|Care Home|Care Cent(?:er|re)|Rehabilitation Cent(?:er|re)|Rehab|Rehabilitation|Hospice|Assisted Living|Retirement Home|Retirement Community|Dialysis Cent(?:er|re)|Dialysis|Trauma Cent(?:er|re)|Cancer Cent(?:er|re)|Surgery Cent(?:er|re)|Birthing Cent(?:er|re)|Imaging|Imaging Cent(?:er|re)|Institute|University|College|Elementary School|Middle School|High School|Primary School|School|Academy|Daycare|Kindergarten|Preschool|Pharmacy|Sanatorium|Sanitarium|Shelter|Manor|Public Library|Library|Church|Prison|Correctional Facility|Jail|Cardiology Associates|Heart Institute|Family Practice|Family Medicine|Surgery Associates|Practice)';
/** Kinds of place, not names of one. */
const GENERIC = new Set(`general community university county city regional memorial local outside outlying children's childrens pediatric veterans va state public private teaching district tertiary referral rural academic base field
cardiology heart failure diabetes diabetic pain primary care urgent oncology neurology eye ear dental sleep wound coagulation anticoagulation anticoag coumadin warfarin memory foot renal dialysis rheumatology dermatology surgery surgical
surgeon's orthopedic orthopaedic urology vascular travel skilled nursing assisted living long term health medical center centre hospital hospitals clinic clinics home the our this that a an another his her their my your to from at in of
emergency psychiatric mental rehabilitation rehab acute day walk-in family medicine internal women's womens men's student high middle elementary primary grade medical law nursing graduate business sunday cancer trauma burn stroke breast
national institute institutes american european royal world international free standing inpatient outpatient hospice specialty retail mail order home care infusion follow-up followup follow up device pacemaker post-op preop lipid asthma copd
allergy weight loss methadone lab imaging chest brain mri ct cardiac neuro resident fellow attending refill preferred former new old same different nearest nearby large small retirement group homeless`.split(/\s+/));

/** After a city's name: a score, a classification, a body that bears it. */
const notAPlace = /^(?:['’]s? (?:disease|sign)| (?:modified )?(?:criteria|classification|score|grade|coma|outcome|scale|definition|heart association|virus|prognostic|consensus|questionnaire|depression|type|stool|protocol|equation|system|\d|[ivx]+\b|study|trial|dose|index|cognitive|guideline|statement|convention))/i;
/** Words before the name of a town. */
const CUES = 'lives? in|living in|lives? near|living near|lived in|resides? in|residing in|resident of|native of|moved (?:here )?(?:from|to)|moving (?:from|to)|born in|born and raised in|raised in|grew up in|relocated (?:from|to)|travel(?:l?ed|s|l?ing)? (?:to|from)|trip to|visited|visiting|returned from|works? in|working in|stationed in|incarcerated in|hometown (?:is|of)|wohnhaft in|domiciled in|evicted from|ambulance from|came from|comes from|farmer from|teacher from|worker from|male from|female from|man from|woman from|originally from|is from|was from|(?:Day|Sunday|weekend|vacation|summer|holidays?) (?:in|at)|brother in|sister in|son in|daughter in|mother in|father in|family in|parents in|\\) in|años?,? de|anos?,? de'.split('|').map((cue) => (/^[a-z]/.test(cue) ? `[${cue[0]!.toUpperCase()}${cue[0]!}]${cue.slice(1)}` : cue)).join('|');

interface PlacePattern { readonly pattern: RegExp; readonly weight: number; readonly accept?: (value: string, text: string, start: number) => boolean }

const notOnlyGeneric = (value: string): boolean => {
  const words = value.replace(new RegExp(`\\s?${FACILITY}$`, 'u'), '').toLowerCase().split(/[\s,]+/).filter((word) => word !== '' && word !== 'and' && word !== '&' && word !== 'of' && word !== 'the');
  return words.some((word) => !GENERIC.has(word) && !notNames.has(word));
};
const isSmall = (value: string): boolean => {
  const name = value.toLowerCase().replace(/[.,]$/, '');
  if (regions.has(name)) { return false; }
  const parts = name.split(' ');
  if (parts.length > 1 && /^(?:(?:north|south|east|west|central|mid|upper|lower|rural)(?:ern|east\w*|west\w*)?)$/.test(parts[0]!) && regions.has(parts.at(-1)!)) { return false; }
  const first = parts.length > 1 && /^(?:new|old|east|west|north|south|port|lake|saint|st\.?|fort|mount|upper|lower|bad|little|great|much|nether|market|chipping|kirk|glen|san|santa|new)$/.test(parts[0]!) ? parts[1]! : parts[0]!;
  return !regions.has(first) && !regions.has(name.split(' ').slice(0, 2).join(' ')) && !notNames.has(first) && !/^(?:assisted|skilled|nursing|home|north|south|east|west)$/.test(name);
};

const PATTERNS: readonly PlacePattern[] = [
  { weight: 82, pattern: new RegExp(`(?<![\\p{L}\\p{N}/.-])\\d{1,6}[A-Z]? (?:(?:[NSEW]|N[EW]|S[EW]|North|South|East|West)\\.? )?(?:${CAP}|\\d{1,3}(?:st|nd|rd|th))(?: ${CAP}){0,3}? ${STREET}\\b\\.?(?: (?:[NSEW]|N[EW]|S[EW])\\b)?${UNIT}`, 'gu') },
  { weight: 81, pattern: new RegExp(`(?<![\\p{L}\\p{N}])${CAP}(?: ${CAP}){0,2} (?:Street|Avenue|Road|Boulevard|Lane|Parade|Crescent|Terrace)(?![\\p{L}\\p{N}])(?! (?:Shelter|Clinic|Hospital|Pharmacy|School|Research|Surgery|Medical|Health))`, 'gu'), accept: notOnlyGeneric },
  { weight: 82, pattern: /(?<![\p{L}])\p{Lu}[\p{L}-]{2,30}(?:straße|strasse|str\.|gasse|weg|platz|allee|laan|straat|gatan|vej|veien|katu)\s\d{1,4}[a-z]?(?!\p{L})/gu },
  { weight: 82, pattern: /(?<![\p{L}])(?:\d{1,4},? (?:bis )?)?(?:rue|avenue|boulevard|place|chemin|impasse|quai|Rue|Avenue|Boulevard|Calle|calle|Avenida|Av\.|Carrera|Via|Viale|Piazza|Rua|Plaza|ulica|ul\.) (?:(?:de|des|du|de la|del|della|da|dos|la|le|San|Santa) )?[\p{Lu}\d][\p{L}\d'’-]{0,25}(?: (?!No\b)\p{Lu}[\p{L}-]{1,20})?(?: (?:No\.? ?)?\d{1,4}(?:[ -]\d{1,3})?(?!\d))?/gu, accept: (value) => /\d/.test(value) },
  // lower case and capitals: "1818 s. catalpa ave", "2 HARBOUR VIEW"
  { weight: 82, pattern: /(?<![\p{L}\p{N}/.-])\d{1,5}[a-z]? (?:[nsew]\.? )?\p{Ll}{3,20}(?: \p{Ll}{3,20})? (?:street|avenue|ave|road|rd|boulevard|blvd|lane|ln|drive|highway|hwy)(?![\p{L}\p{N}])/gu },
  { weight: 82, pattern: /(?<![\p{L}\p{N}/.-])\d{1,5}[A-Z]? \p{Lu}{3,20}(?: \p{Lu}{3,20})? (?:STREET|ST|AVENUE|AVE|ROAD|RD|LANE|LN|DRIVE|DR|VIEW|CLOSE|COURT|TERRACE|CRESCENT|PLACE|GARDENS|PARK|WAY|HILL)(?![\p{L}\p{N}])/gu },
  { weight: 80, pattern: /(?<![\p{L}\p{N}])(?:Co|CO)\.? (?:Antrim|Armagh|Carlow|Cavan|Clare|Cork|Derry|Donegal|Down|Dublin|Durham|Fermanagh|Galway|Kerry|Kildare|Kilkenny|Laois|Leitrim|Limerick|Londonderry|Longford|Louth|Mayo|Meath|Monaghan|Offaly|Roscommon|Sligo|Tipperary|Tyrone|Waterford|Westmeath|Wexford|Wicklow)(?!\p{L})/giu },
  { weight: 79, pattern: /(?<![\p{L}\p{N}])[A-Z]\d[\dW] [A-Z0-9]{4}(?![\p{L}\p{N}])/gu, accept: (value, text, start) => /(?:,|\n|Co\.? \p{L}+)\s*$/u.test(text.slice(Math.max(0, start - 16), start)) && /[A-Z]/.test(value.slice(4)) },
  { weight: 63, pattern: /(?<=(?<!\p{L})(?:dest|destination|from|at|to|via|near) )\p{Ll}{3,20}(?: \p{Ll}{3,20}){0,2} (?:hosp|hospital|derm|clinic|nursing home|medical center|private)(?!\p{L})/gu, accept: notOnlyGeneric },
  { weight: 82, pattern: /\b(?:P\.? ?O\.? Box|R\.?R\.? \d{1,3},? Box|Rural Route \d{1,3},? Box) \d{1,6}\b/gi },
  // postal codes
  { weight: 81, pattern: new RegExp(`(?<=\\b(?:${stateCodes}|\\p{Lu}\\p{Ll}{3,13}),? )\\d{5}(?:-\\d{4})?(?![\\d-]|[.,]\\d)`, 'gu'), accept: (_value, text, start) => new RegExp(`(?:${stateCodes}|${[...regions].filter((name) => name.length > 3).join('|')}),? $`, 'i').test(text.slice(Math.max(0, start - 20), start)) },
  { weight: 81, pattern: /(?<=\b(?:zip|zip code|postal code|postcode|plz|zipcode)\s?[:#=]?\s?)(?:\d{4,6}(?:-\d{4})?|[A-Z]\d[A-Z] ?\d[A-Z]\d)(?!\d)/gi },
  { weight: 79, pattern: /(?<![\p{L}\p{N}])(?:GIR 0AA|[A-Z]{1,2}\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2})(?![\p{L}\p{N}])/gu },
  { weight: 79, pattern: /(?<![\p{L}\p{N}])[ABCEGHJ-NPRSTVXY]\d[A-Z] \d[A-Z]\d(?![\p{L}\p{N}])/gu },
  { weight: 79, pattern: /(?<![\p{L}\p{N}.,-])\d{5} \p{Lu}\p{Ll}{2,20}(?:[ -](?:am |an der )?\p{Lu}\p{Ll}{2,15})?(?: im \p{Lu}\p{Ll}{2,20})?(?= ?[,.;)\n]| im| in)/gu },
  // institutions that bear a name
  { weight: 78, pattern: new RegExp(`(?<![\\p{L}\\p{N}])(?:(?:St|Mt|Ft)\\. )?${CAP}(?:[ ](?:of |de |the |and |& |for )?(?:St\\. )?${CAP}){0,5}? ${FACILITY}(?: ${FACILITY})?(?: of (?:the )?${CAP}(?: ${CAP})?)?(?![\\p{L}\\p{N}])`, 'gu'), accept: notOnlyGeneric },
  { weight: 78, pattern: new RegExp(`(?<![\\p{L}])(?:University of ${CAP}(?: ${CAP})?(?: ${FACILITY})?|(?:Universitätsklinikum|Klinikum|Krankenhaus|Universitätsspital|Kantonsspital|Hôpital|Hopital|Clinique|CHU|Hospital|Clínica|Clinica|Ospedale|Policlinico|Szpital|Ziekenhuis) (?:de |del |di |Universitario |General )?${CAP}(?: ${CAP}){0,2})(?![\\p{L}])`, 'gu'), accept: (value) => notOnlyGeneric(value) && !/^Hospital (?:Course|Day|Stay|Admission|Discharge|Medicine|Number|Problem|Summary|Follow|Acquired)/i.test(value) },
  { weight: 50, pattern: new RegExp(`(?<![\\p{L}])${CAP}(?: ${CAP})? (?:Ward|Wing|County|Township|Parish|Borough)(?![\\p{L}])`, 'gu'), accept: (value) => notOnlyGeneric(value) },
  { weight: 77, pattern: new RegExp(`(?<![\\p{L}])[A-Z][A-Z'.-]{1,20}(?: [A-Z][A-Z'.-]{1,20}){0,3} (?:${FACILITY.slice(3, -1).toUpperCase()})(?![\\p{L}])`, 'gu'), accept: notOnlyGeneric },
  // towns by the words around them
  { weight: 66, pattern: new RegExp(`(?<![\\p{L}\\p{N}])${CAPS}(?=,? (?:${stateCodes})(?: \\d{5}|\\b(?!\\w)))`, 'gu'), accept: (value, text, start) => isSmall(value) && !/(?:Dr\.?|Mr\.?|Mrs\.?|Ms\.?)\s$/.test(text.slice(Math.max(0, start - 5), start)) && /^,? [A-Z]{2}(?: \d{5}|[.,;)]|$|\s)/.test(text.slice(start + value.length, start + value.length + 10)) && (text[start + value.length] === ',' || /^ [A-Z]{2} \d{5}/.test(text.slice(start + value.length, start + value.length + 9))) },
  { weight: 66, pattern: new RegExp(`(?<![\\p{L}\\p{N}])${CAPS}(?=(?:,|,? County,) (?:${[...regions].filter((name) => name.length > 3).map((name) => name.replace(/(?:^| )\p{L}/gu, (letter) => letter.toUpperCase())).join('|')})(?![\\p{L}]))`, 'gu'), accept: isSmall },
  {
    weight: 64,
    pattern: new RegExp(`(?<=(?<![\\p{L}])(?:${CUES}) )${CAPS}`, 'gu'),
    accept: isSmall,
  },
  // a site by the word before or after it: "the infusion room at Ashby", "the Mill Street location"
  { weight: 63, pattern: new RegExp(`(?<=(?<![\\p{L}])(?:[Rr]ooms?|[Cc]ent(?:er|re)|[Cc]linic|[Oo]ffice|[Hh]ospital|[Ff]acility|[Ll]ab|[Uu]nit|[Ss]chool|[Pp]harmacy|[Cc]hurch|[Ff]arm|[Pp]lant) (?:at|in|near) )${CAPS}(?![\\p{L}\\p{N}])`, 'gu'), accept: (value) => isSmall(value) && notOnlyGeneric(value) },
  { weight: 63, pattern: new RegExp(`(?<=(?<![\\p{L}])(?:the|our|your|at) )${CAP}(?: ${CAP}){0,2}(?= (?:location|office|campus|branch|site|neighbou?rhood|district|area)(?![\\p{L}]))`, 'gu'), accept: (value) => isSmall(value) },
  { weight: 63, pattern: /(?<=(?<!\p{L})(?:in|from|to|near|at|around|around the|by) )(?:[Mm]ount|[Ll]ake|[Ff]ort|[Pp]ort|[Cc]amp|[Cc]ape|[Ss]aint) \p{L}{4,20}(?![\p{L}\p{N}])/gu, accept: (value) => isSmall(value) && !/ (?:with|that|this|from|where|when|which|water|house|side|site|removal|placement|access|catheter|every|after|before|over|under)$/i.test(value) },
  { weight: 64, pattern: /(?<=(?<![\p{L}])(?:city|town|village|ciudad|ort|municipality|place|city of|town of|village of)\s?[:=]\s?)\p{Lu}[\p{L}' -]{1,30}(?=[|;,.\n]|$)/gimu },
  { weight: 62, pattern: new RegExp(`(?<![\\p{L}\\p{N}-])(?:${[...cities].sort((a, b) => b.length - a.length).map((name) => name.replace(/\./g, '\\.')).join('|')})(?![\\p{L}\\p{N}-])`, 'gu'), accept: (value, text, start) => !notAPlace.test(text.slice(start + value.length, start + value.length + 40)) },
];

/** Words that end as only towns do. */
const townEndings = /(?<=(?<!\p{L})(?:in|from|to|near|at) )\p{L}\p{Ll}{2,20}(?:burgh|burg|ville|shire|bury|borough|mouth|heim|hausen|kirchen|stadt|furt|chester|stead)(?![\p{L}\p{N}-])/gu;
const AFTER_ADDRESS = new RegExp(`^(?:, ?| in | \\(|\\n)(?<town>${CAP}(?: (?:de |of |am |upon |ob der |an der )?${CAP}){0,3})(?=[,.;)\\n]|$)`, 'u');
/** Lower-case towns after the same words, as in typed dialogues: only names of the list. */
const lowerCities = new RegExp(`(?<=(?:in|from|to|near|at) )(?:${cities.map((name) => name.toLowerCase().replace(/\./g, '\\.')).join('|')})(?![\\p{L}\\p{N}-])`, 'gu');

/** Streets, postal codes, towns and institutions that bear a name. States and countries stay. */
export function findPlaces(text: string): Finding[] {
  const found: Finding[] = [];
  for (const { pattern, weight, accept } of PATTERNS) {
    for (const match of text.matchAll(pattern)) {
      const raw = match[0];
      const lead = /^(?:(?:At|In|From|To|And|Her|His|Went|Seen|Admitted|Transferred|Dear|Clinic|On|Since|Patient|Name|Address|Lives|She|He|Mr|Mrs|Ms|Dr|Outside|FROM|TO|AT|FACILITY|WOMAN|MAN)\.?,? )*/u.exec(raw)![0].length;
      const value = raw.slice(lead).replace(/[.,]$/u, (end) => (/\b(?:St|Ave|Rd|Blvd|Dr|Ln)\.$/.test(raw) ? end : ''));
      const start = match.index + lead;
      if (value.length > 1 && (accept === undefined || accept(value, text, start))) { found.push({ start, end: start + value.length, class: 'place', weight }); }
    }
  }
  for (const place of [...found]) {
    // what follows an address or an institution is its town: "14 Mill Road, Ashby", "St. Mary Hospital (Ashby)"
    const after = place.weight > 76 ? AFTER_ADDRESS.exec(text.slice(place.end, place.end + 60)) : null;
    const town = after?.groups?.['town'] ?? '';
    if (after && isSmall(town) && !/^(?:MD|RN|DO|NP|PA|Inc|LLC)\b/.test(town)) { found.push({ start: place.end + after[0].indexOf(town), end: place.end + after[0].indexOf(town) + town.length, class: 'place', weight: 60 }); }
  }
  for (const match of text.matchAll(townEndings)) { if (!regions.has(match[0].toLowerCase())) { found.push({ start: match.index, end: match.index + match[0].length, class: 'place', weight: 60 }); } }
  for (const match of text.matchAll(lowerCities)) { found.push({ start: match.index, end: match.index + match[0].length, class: 'place', weight: 60 }); }
  return found;
}
