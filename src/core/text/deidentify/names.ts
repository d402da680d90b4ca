import type { Span } from '../span';
import { afterEponym, eponyms, notNames } from './notNames';
import { ambiguousNames, givenNames, surnames } from './nameLists';
import { regions } from './placeLists';
import { nameAfter, words, type Word } from './nameWords';
import type { Finding } from './types';

const TITLE = /(?<![\p{L}\p{N}])(?:Mr|Mrs|Ms|Miss|Mx|Drs?|Prof|Professor|Doctor|Nurse|Fr|Father|Rev|Reverend|Chaplain|Pastor|Rabbi|Imam|Sra?|Srta|Señora?|Do[nñ]a|Dra|Mme|Mlle|Monsieur|Madame|Herr|Frau|Patientin|Sgt|Sergeant|Officer|Capt|Lt|Sir|Dame|Sig|Signora|MR|MRS|DR|PROF|MISS|DOCTOR|mr|mrs|ms|dr|prof|doctor|miss|sra?)\b\.?(?: med\.| Dr\.)?(?:[ \u00a0]{1,2}|\n)|(?<![\p{L}\p{N}])(?:MS|M)\. /gu;
const CREDENTIAL = /^,?\s(?:M\.?D|D\.?O|R\.?N|NP|PA(?:-C)?|Ph\.?D|Psy\.?D|LCSW|MSW|LPN|DNP|FNP|CRNA|Pharm\.?D|FACP|FRCP|MBBS|MRCP|CGC|RD|DPM|DDS|MPH|BSN|OD|OT|PT|DPT|MS|CNM|CNP|APRN|Consultant|Physiotherapist|Psychologist|Registrar)\b/u;
const ROLES = "patient(?:['’]s)?(?: full)?(?: name)?|patient_name|pt\\.?(?: name)?|(?:full |first |last |preferred |given |family )?name(?: of patient)?|name on card|nombre|nom|vorname|nachname|client|residents?|occupants?|attending(?: physician)?|(?:referring|submitting|ordering|primary care|consulting|admitting|family|treating|responsible)? ?(?:physician|provider|doctor|clinician|practitioner)|prov|pcp|gp|primary|consultant|(?:assistant )?surgeon|assistant|an(?:a)?esthesi(?:a|ologist)|anaesthetist|circulator|scrub|pathologist|radiologist|oncologist|cardiologist|(?:genetic )?counsell?or|case (?:manager|worker)|social worker|interpreter|witness|caller|contact|emergency contact|next of kin|nok|informant|guardian|author|transcriptionist|cc|re|rn|nurse|therapist|ot|referring|signed|scribe|editor|reviewer|host|owner|proband|accompanied";
const KIN = "wife|husband|spouse|partner|mother|father|mom|mum|dad|brothers?|sisters?|sons?|daughters?|daughter-in-law|son-in-law|aunts?|uncles?|cousins?|nieces?|nephews?|grand(?:mother|father|son|daughter|ma|pa)|girlfriend|boyfriend|fiancée?|friend|neighbou?r|guardian|caregiver|roommate|lodger|tenant|child|children|hermana|hermano|esposa|esposo|hija|hijo|madre|padre|ehefrau|ehemann|tochter|sohn|époux|épouse|husband named|sibling|family(?= \\()|toddler|coach|aide|guarantor|nanny|foster (?:mother|father|parent)|step(?:mother|father|son|daughter)|carer";
const LABEL = new RegExp(`(?<![\\p{L}])(?:${ROLES}|${KIN})"?\\s{0,2}[:=]\\s{0,2}"?(?:Dr\\.? (?:med\\. )?|Mr\\.? |Mrs\\.? |Ms\\.? )?`, 'giu');
const SIGNED = /(?<![\p{L}])(?:(?:electronically )?(?:signed|dictated|transcribed|authenticated|read|reported|interpreted|verified|reviewed|seen|examined|implanted|performed|placed|made|followed|entered|scribed|taken|completed|evaluated|assisted|accompanied|escorted|brought in|brought) (?:by|with)|yours sincerely,?|kind regards,?|sincerely,?|regards,?|best wishes,?|thanks,|thank you\.?|household of|spoke (?:with|to)|(?:discussed|conferred|consulted|reviewed) with|called to|on behalf of|attn:?|proband|interpreter|case (?:worker|manager)|pcp|caller is|goes by|known as|preferred name|called|named|names?|divorce from|death of|assistant|consultant|referred (?:by|to)|agrees|radiologist|pathologist|physician|surgeon|oncologist|cardiologist|client,|resident,|therapists?|nurse)\s{1,2}(?:Dr\.? |Prof\.? |his |her )?/giu;
const RELATIVE = new RegExp(`(?<![\\p{L}])(?:${KIN})(?:,| is| was| named| called|,? whose name is)?[ \\n]\\(?`, 'giu');
const GREETING = /(?<![\p{L}])(?:hi|hello|hey|good (?:morning|afternoon|evening)|thanks|thank you|dear|welcome|bye|goodbye|nice to (?:meet|see) you|so|okay|alright|all right|well|this is|my name is|i['’]m|i am)\s?,?\s{1,2}/giu;
const PERSON_AFTER = /^(?:,? (?:is|was) (?:an? (?:very )?(?:pleasant )?(?:\d{1,3}|\p{L}+-year)|\d{1,3}[ -]?(?:years?|yrs?|y\/?o))|,? (?:an? |who is an? )?\d{1,3}[ -]?(?:years?|yrs?|y\/?o|yo|month|week|anos|años|ans|M\b|F\b|m\b|f\b)|, \d{1,3}[,;]| \((?:DOB|dob|d\.o\.b|age|MRN|\d{1,3} ?(?:y|M\b|F\b|,))|,? (?:née|né|geb\.|born|b\.) |,? \(?(?:his|her|their|my|a|our|the patient['’]s) (?:\p{L}+ )?(?:wife|husband|spouse|partner|mother|father|brother|sister|son|daughter|aunt|uncle|cousin|niece|nephew|grand\p{L}+|girlfriend|boyfriend|friend|neighbou?r|caregiver|aide|roommate)\b| \((?:wife|husband|spouse|partner|mother|father|brother|sister|son|daughter|aunt|uncle|cousin|niece|nephew|grand\p{L}+|friend|neighbou?r|caregiver|device rep|nurse|interpreter|aide)\b| (?:reports?|denies|denied|states?|stated|says|said|complains|lives|lived|celebrated|smokes|works|returns|endorses|weighs|attends|has been (?:depressed|taking|feeling|doing|seen)|hat|est)\b)/u;

/** "pt ada summer, 45 yo": lower case, as in hasty notes. */
const LOWER_PATIENT = /(?<=(?<![\p{L}])(?:pt|patient) )\p{Ll}{2,20}(?: \p{Ll}{2,20}){1,2}(?=, \(?\d{1,3}[ -]?(?:y\/?o|y\.o|(?:yr|year)s?[ -]old))/gu;
/** "husband (bruno)": a lower-case name in parentheses. */
const LOWER_RELATIVE = new RegExp(`(?<=(?<![\\p{L}])(?:${KIN}) \\()\\p{Ll}{2,20}(?: \\p{Ll}{2,20})?(?=\\))`, 'gu');

/** Where a turn of a dialogue begins: roles that open several lines each. What follows is speech, not a name. */
function speakerTurns(text: string): ReadonlySet<number> {
  const turns = new Map<string, number[]>();
  for (const match of text.matchAll(/(?<=^|\n)[ \t]*\[?(\p{L}[\p{L} _]{1,24})\]?[ \t]?:/gu)) {
    const role = match[1]!.trim().toLowerCase();
    turns.set(role, [...turns.get(role) ?? [], match.index + match[0].search(/\p{L}/u)]);
  }
  const spoken = [...turns.values()].filter(places => places.length > 1);
  return new Set(spoken.length > 1 || spoken.some(places => places.length > 3) ? [...turns].filter(([role]) => spoken.length > 0 && !/name/.test(role)).flatMap(([, places]) => places) : []);
}

/** "Ada Summer is a pleasant 60-year-old ..." opens a note: a name, also where each word is an everyday one. */
const OPENING = /(?<=^|[\n.!?:]\s{0,3})((?:\p{Lu}[\p{L}'’-]+\s){1,2}\p{Lu}[\p{L}'’-]+),?\s(?:is|was)\san?\s(?:[\p{Ll}-]+,?\s){0,4}\d{1,3}[\s-]?(?:years?|yrs?|y\.?\/?o)/gu;

/** What the names of a text are found by: words around them first, lists second. `guarded`: spans of medical terms. */
export function findNames(text: string, guarded: readonly Span[]): Finding[] {
  const found: Finding[] = [];
  const isGuarded = (span: Span): boolean => guarded.some((guard) => guard.start <= span.start && span.start < guard.end);
  const add = (span: Span | undefined, weight: number): boolean => {
    if (!span) { return false; }
    found.push({ ...span, class: 'name', weight });
    return true;
  };
  for (const match of text.matchAll(TITLE)) {
    if (/^Fr\b/.test(match[0]) && /\d\s?$/.test(text.slice(Math.max(0, match.index - 3), match.index))) { continue; }
    const lower = /^[a-z]/.test(match[0]) || match[0].toLowerCase() === 'doctor ';
    add(nameAfter(text, match.index + match[0].length, { lower, cue: /^(?:Father|Nurse|Miss|Doctor|doctor|miss|Officer)/.test(match[0]) ? 'label' : 'title' }), 92);
  }
  const speakers = speakerTurns(text);
  for (const match of text.matchAll(LABEL)) {
    const kin = new RegExp(`^(?:${KIN})`, 'iu').test(match[0]);
    const span = nameAfter(text, match.index + match[0].length, { inverted: true, cue: 'label' });
    if (span && !(kin && isGuarded(span)) && (!speakers.has(match.index) || isListed(span))) { add(span, 91); }
  }
  for (const match of text.matchAll(LOWER_PATIENT)) { add({ start: match.index, end: match.index + match[0].length }, 57); }
  for (const match of text.matchAll(LOWER_RELATIVE)) { if (isListed({ start: match.index, end: match.index + match[0].length })) { add({ start: match.index, end: match.index + match[0].length }, 57); } }
  for (const match of text.matchAll(SIGNED)) {
    const span = nameAfter(text, match.index + match[0].length, {});
    if (span && !isGuarded(span) && !isAbbreviation(span)) { addList(span, 70); }
  }
  for (const match of text.matchAll(RELATIVE)) {
    const span = nameAfter(text, match.index + match[0].length, {});
    if (span && !isGuarded(span) && !isEponym(span)) { addList(span, 70); }
  }
  for (const match of text.matchAll(GREETING)) {
    const direct = /^(?:hi|hello|hey|good|thanks|thank|dear|welcome|bye|goodbye|nice)/i.test(match[0]);
    const span = nameAfter(text, match.index + match[0].length, { lower: true });
    if (!span || isGuarded(span)) { continue; }
    const known = text.slice(span.start, span.end).toLowerCase().split(/\s+/).every((word) => givenNames.has(word) && !ambiguousNames.has(word));
    if (known || direct && (/^\p{Lu}/u.test(text.slice(span.start)) || /^\s?[,.!?]/.test(text.slice(span.end)))) { add(span, 70); }
  }
  for (const match of text.matchAll(OPENING)) {
    if (!/^(?:the|this|our|an?|he|she|patient|client|history|chief|present|subjective|mr|mrs|ms|dr)\b/i.test(match[1]!)) { add({ start: match.index, end: match.index + match[1]!.length }, 60); }
  }
  byLists();
  byContext();
  return found;

  /** "sons Peter and Paul", "wife Ana, Eva and Ida": what follows in the list is a name, too. */
  function addList(span: Span, weight: number): void {
    add(span, weight);
    for (let at = span.end, next: Span | undefined; ; at = next.end) {
      const joint = /^(?:,? and |, |\/| & )/.exec(text.slice(at, at + 6));
      next = joint ? nameAfter(text, at + joint[0].length, { cue: 'label' }) : undefined;
      if (!next || isGuarded(next) || isEponym(next) || /^,\s/.test(joint![0]) && !isListed(next)) { return; }
      add(next, weight);
    }
  }

  function isEponym(span: Span): boolean {
    const first = text.slice(span.start, span.end).toLowerCase().split(/[\s]+/)[0]!;
    return eponyms.has(first) && !givenNames.has(first) || afterEponym.test(text.slice(span.end, span.end + 40));
  }

  /** "brought in by EMS": capitals in a line that is not all capitals. */
  function isAbbreviation(span: Span): boolean {
    const value = text.slice(span.start, span.end);
    return value.length < 7 && value === value.toUpperCase() && /\p{Ll}/u.test(text.slice(Math.max(0, span.start - 12), span.start));
  }

  /** Alone on its line, or set apart as titles are. */
  function isHeading(span: Span): boolean {
    const line = text.slice(text.lastIndexOf('\n', span.start - 1) + 1, span.start);
    return line.trim() === '' && /^[ \t]*(?:\n|$|[-:|])/.test(text.slice(span.end, span.end + 20));
  }

  function isListed(span: Span): boolean {
    return text.slice(span.start, span.end).toLowerCase().split(/[\s-]+/).some((word) => givenNames.has(word) || surnames.has(word));
  }

  /** Runs of capitalised words that the lists know. */
  function byLists(): void {
    for (const run of runs(text)) {
      for (let from = 0; from < run.length; from++) {
        const first = run[from]!;
        const key = plain(first.text);
        const given = givenNames.has(key) || key.includes('-') && key.split('-').every((part) => givenNames.has(part));
        const plainGiven = given && !ambiguousNames.has(key);
        const next = run[from + 1];
        const nextKey = next ? plain(next.text) : '';
        let to = from;
        while (to + 1 < run.length && to - from < 3 && isNameWord(run[to + 1]!)) { to++; }
        const pair = to > from && (plainGiven || (given && surnames.has(nextKey)) || (surnames.has(plain(run[to]!.text)) && (given || first.text.length === 1)));
        const span = { start: first.start, end: run[to]!.end };
        const single = { start: first.start, end: first.end };
        if (pair && !isGuarded(span) && !isEponym(span) && !eponyms.has(plain(run[to]!.text) === '' ? '?' : `${key} ${nextKey}`)) {
          add(span, 58);
          from = to;
        } else if (plainGiven && !isGuarded(single) && !isEponym(single)) {
          add(single, 52);
        } else if (surnames.has(key) && !ambiguousNames.has(key) && !givenNames.has(key) && !eponyms.has(key) && !notNames.has(key) && !isGuarded(single) && !isEponym(single) && run.length === 1 && first.text.length > 3 && first.text !== first.text.toUpperCase()) {
          add(single, 45);
        }
      }
    }
  }

  /** Unknown names told by what follows them. */
  function byContext(): void {
    for (const run of runs(text)) {
      while (run.length > 1 && CREDENTIAL.test(` ${run.at(-1)!.text}`)) { run.pop(); }
      const last = run.at(-1)!;
      const after = text.slice(last.end, last.end + 40);
      const tail = run.slice(-4);
      const trimmed = tail.slice(tail.map(isNameWord).lastIndexOf(false) + 1);
      if (trimmed.length === 0) { continue; }
      const span = { start: trimmed[0]!.start, end: last.end };
      if (isGuarded(span) || isEponym(span) && !(trimmed.length > 1 && isListed({ start: last.start, end: last.end }) && !afterEponym.test(after))) { continue; }
      if (CREDENTIAL.test(after) && (trimmed.length > 1 || /^,/.test(after))) { add(span, 68); continue; }
      const value = text.slice(span.start, span.end);
      const shouted = value.length < 6 && value === value.toUpperCase() || /ly$/.test(value) && trimmed.length === 1 && (!/^,? \(?(?:his|her|their|my) /.test(after) || /(?:al|ent|ant|ate|ous|ab|ib|ef|ed|ing)ly$/.test(value));
      if (!shouted && PERSON_AFTER.test(after) && (trimmed.length > 1 || !eponyms.has(plain(trimmed[0]!.text))) && (trimmed.length > 1 || startsSentence(text, span.start) || /^ (?:reports|denies|states|says|is an? \d)|^,? \(?(?:his|her|their|my|the patient['’]s) |^, \(?\d{1,3} ?[MF]\b/.test(after))) { add(span, 57); }
      // two or three unknown words with capitals inside a sentence
      if (trimmed.length > 1 && trimmed.length < 4 && trimmed.length === run.length && trimmed.every(isUnknown) && !guarded.some((guard) => guard.start < span.end && span.start < guard.end) && !/^\s?[:(]?\s?[A-Z]{2,}\b|^:/.test(after) && !isHeading(span) && !regions.has(value.toLowerCase())) { add(span, 46); }
      const table = /(?:^|\n)[ \t]{0,3}\|? ?$/.test(text.slice(Math.max(0, span.start - 6), span.start)) && /^ ?[|;\t]/.test(after);
      if (table && trimmed.length > 1) { add(span, 57); }
    }
  }
}

const MEDICAL_ENDING = /(?:itis|ologist|iatrist|ician|osis|oma|emia|aemia|pathy|ectomy|otomy|oscopy|ology|ography|gram|plasty|ine|ol|ib|mab|cillin|mycin|azole|pril|sartan|statin|ide|one|ate|ium|amine|axel|platin|vir|cycline|ease|drome|tion|ment|ness|ical|ular|al|ous|ic|ive|ing|ary|ory|ism|ity|ed|ly)$/i;

/** A word that no list holds and that ends as no medical or everyday word does. */
function isUnknown({ text: word }: Word): boolean {
  return word.length > 2 && word !== word.toUpperCase() && !notNames.has(word.toLowerCase()) && !eponyms.has(plain(word)) && !regions.has(word.toLowerCase()) && !MEDICAL_ENDING.test(word);
}

const plain = (word: string): string => word.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '').replace(/['’.]/g, '');

function startsSentence(text: string, at: number): boolean {
  return /(?:^|[.!?:|]\s{1,3}|\n\s{0,8}|\]\s)$/.test(text.slice(Math.max(0, at - 10), at));
}

function isNameWord(word: Word): boolean {
  return !notNames.has(word.text.toLowerCase()) && !notNames.has(plain(word.text)) && !(word.text.length > 1 && word.text.length < 4 && word.text === word.text.toUpperCase() && !word.text.endsWith('.'));
}

/** Capitalised words on one line with nothing but a space (or a particle of names) between them. */
function runs(text: string): Word[][] {
  const all: Word[][] = [];
  let last: Word | undefined;
  for (const word of words(text)) {
    if (!/^\p{Lu}/u.test(word.text)) { continue; }
    const between = last ? text.slice(last.end, word.start) : '';
    if (last && /^(?:\.? {1,2}|\u00a0| (?:van|von|der|de|la|del|bin|al|da|dos|di|den|ter|el|e|y|van der|von der|van den|de la|die) | (?:al-|el-))$/u.test(between) && !(between.startsWith('.') && last.text.length > 1)) { all.at(-1)!.push(word); } else { all.push([word]); }
    last = word;
  }
  return all;
}
