import assert from 'node:assert/strict';
import { countByClass, createDeidentifier, deidentify } from '../../../src/core/text/deidentify/deidentify';
import { sideBySide } from '../../../src/core/text/deidentify/sideBySide';
import { identifierClasses } from '../../../src/core/text/deidentify/types';
import { readLabelledNotes } from './labelledNotes';

const hide = (text: string): string => deidentify(text).text;

describe('deidentify', () => {
  it('replaces each class by a typed surrogate', () => {
    const cases: readonly [string, string][] = [
      ['Seen by Dr. Fernsby today.', 'Seen by Dr. [NAME-1] today.'],
      ['Patient: Alvina Quennell', 'Patient: [NAME-1]'],
      ['His wife Odalys called.', 'His wife [NAME-1] called.'],
      ['Her daughter\nOdalys called.', 'Her daughter\n[NAME-1] called.'],
      ['Lives at 12 Elm Street, Ashby, Ohio 44805.', 'Lives at [PLACE-1], [PLACE-2], Ohio [PLACE-3].'],
      ['Admitted to Northgate Memorial Hospital.', 'Admitted to [PLACE-1].'],
      ['Seen on 03/14/2021.', 'Seen on [DATE-1 2021].'],
      ['DOB: 03/14/1951', 'DOB: [DATE-1]'],
      ['A 93-year-old man.', 'A [AGE-1 90+]-year-old man.'],
      ['Call (555) 555-0142 or fax 555-555-0143.', 'Call [PHONE-1] or fax [FAX-1].'],
      ['Write to a.b@example.org.', 'Write to [EMAIL-1].'],
      ['SSN 219-09-9999', 'SSN [SSN-1]'],
      ['MRN: 0045821', 'MRN: [RECORD-1]'],
      ['Account # 7781-22', 'Account # [ACCOUNT-1]'],
      ['License plate 7KLM204', 'License plate [VEHICLE-1]'],
      ['Medical license MD-44812', 'Medical license [LICENCE-1]'],
      ['Pacemaker serial number PX-99812', 'Pacemaker serial number [DEVICE-1]'],
      ['See https://portal.example.org/p/1?x=2.', 'See [URL-1].'],
      ['From 192.0.2.14 and 2001:db8::1.', 'From [IP-1] and [IP-2].'],
    ];
    for (const [text, expected] of cases) { assert.equal(hide(text), expected); }
    assert.equal(new Set(cases.flatMap(([text]) => deidentify(text).replacements.map((replacement) => replacement.class))).size, identifierClasses.length);
  });

  it('leaves doses, fractions, scores, pressures and public numbers', () => {
    for (const text of ['1/2 tablet at night', 'strength 3/5 on the left', 'BP 120/80', 'renal cyst 12/15 mm', 'amoxicillin/clavulanate 875/125 mg', 'a 2/6 systolic murmur', 'pain 7/10', 'vision 20/40',
      'levodopa/carbidopa 25/100 mg', 'reflexes 2/4', 'NCT02000622 and PMID: 28578601', 'eGFR 48, HbA1c 8.4%', 'SpO2 94 %, HR 92, weight 92 kg', 'temperature 99 F', 'aged 89', 'in 2014', 'rs80357914', 'insulin 70/30',
      'Mon/Wed/Fri', 'platelets 150,000', 'may cause dizziness', 'Take 1/2 in the morning', 'ICD-10 E11.9', 'vancomycin 15-20', 'every Monday']) {
      assert.equal(hide(text), text);
    }
  });

  it('leaves diseases, signs and scores that bear a name', () => {
    for (const text of ['Parkinson disease', 'Hodgkin lymphoma', 'Wilson disease', 'Crohn\'s disease', 'Graves disease', 'Addison disease', 'Bell\'s palsy', 'Child-Pugh A', 'Glasgow Coma Scale 15',
      'Guillain-Barré syndrome', 'Stevens-Johnson syndrome', 'Christmas disease', 'Gleason 7', 'Kaplan-Meier estimate', 'Berlin definition', 'Down syndrome', 'von Willebrand disease', 'Norwalk virus', 'Ann Arbor stage III']) {
      assert.equal(hide(text), text);
    }
  });

  it('asks the guard before it takes a weak hint for a name, never against a title', () => {
    const guard = (text: string) => [...text.matchAll(/Martha/g)].map((match) => ({ start: match.index, end: match.index + 6 }));
    assert.equal(deidentify('Martha 5 mg daily', guard).text, 'Martha 5 mg daily');
    assert.equal(deidentify('Seen by Dr. Martha Kunz', guard).text, 'Seen by Dr. [NAME-1]');
  });

  it('gives one person one number, each spelling a letter of its own', () => {
    const { text, restore } = deidentify('Patient: John Fernsby. Mr Fernsby and Mary Fernsby came. FERNSBY is 60. On 03/14/2021, then March 14, 2021.');
    assert.equal(text, 'Patient: [NAME-1]. Mr [NAME-1b] and [NAME-2] came. [NAME-1c] is 60. On [DATE-1 2021], then [DATE-1b 2021].');
    assert.equal(restore('[NAME-1] and [NAME-2], [NAME-1z]'), 'John Fernsby and Mary Fernsby, John Fernsby');
  });

  it('knows a name of the text in the other fields of the case', () => {
    const both = createDeidentifier(['Patient: Alvina Quennell has gout.', 'gout (Quennell)']);
    assert.equal(both.hide('Patient: Alvina Quennell has gout.').text, 'Patient: [NAME-1] has gout.');
    assert.equal(both.hide('gout (Quennell)').text, 'gout ([NAME-1b])');
  });

  it('lets placeholders pass, and never gives out a surrogate that the text has already', () => {
    const text = 'On [**2118-7-2**] at [**Hospital1 18**]; [NAME-1] and Dr. Fernsby.';
    const hidden = deidentify(text);
    assert.equal(hidden.text, 'On [**2118-7-2**] at [**Hospital1 18**]; [NAME-1] and Dr. [NAME-2].');
    assert.equal(hidden.restore(hidden.text), text);
  });

  it('restores what a model changed: brackets, case, joint, the year, a possessive', () => {
    const { restore } = deidentify('Patient: Alvina Quennell, seen on 03/14/2021.');
    for (const written of ['[NAME-1]', '[name-1]', 'NAME-1', '(NAME-1)', '[NAME_1]', '[NAME 1]', '[Name-1 ]']) { assert.equal(restore(`So ${written}'s gout`), 'So Alvina Quennell\'s gout', written); }
    for (const written of ['[DATE-1 2021]', '[DATE-1]', 'DATE-1 2021', '[Date-1, 2021]']) { assert.equal(restore(`on ${written}.`), 'on 03/14/2021.', written); }
    assert.equal(restore('[NAME-9] and name 1 of date 1'), '[NAME-9] and name 1 of date 1');
  });

  it('holds back a surrogate that is still being written', () => {
    const { text, restore } = deidentify('Patient: Alvina Quennell, seen on 03/14/2021 by Dr. Fernsby.');
    const whole = restore(text);
    for (let length = 0; length <= text.length; length++) {
      const shown = restore(text.slice(0, length), { partial: true });
      assert.ok(whole.startsWith(shown), shown);
    }
  });

  for (const split of ['tuning', 'heldout'] as const) {
    it(`restores every ${split} note exactly, and finds nothing more the second time`, () => {
      for (const { id, text } of readLabelledNotes(split)) {
        const hidden = deidentify(text);
        assert.equal(hidden.restore(hidden.text), text, id);
        let at = 0;
        let rebuilt = '';
        for (const { span, surrogate } of hidden.replacements) {
          assert.ok(span.start >= at && span.end > span.start, id);
          rebuilt += text.slice(at, span.start) + surrogate;
          at = span.end;
        }
        assert.equal(rebuilt + text.slice(at), hidden.text, id);
        const twice = deidentify(hidden.text);
        assert.equal(twice.text, hidden.text, id);
      }
    });
  }

  it('restores random texts exactly', () => {
    const parts = ['John', 'Fernsby', 'Dr. ', ' ', '\n', '[NAME-1]', 'NAME-2', '[', ']', '03/14', '/2021', '1', '2', '-', '(', ')', 'IP-1', '192.0.2.1', 'date 1', 'March ', '[**x**]', 'ü', '😀', ', ', '. ', 'Mr ', ':', 'MRN ', '4471', '90+', 'aged 95', '@example.org', 'é\u0301'];
    let seed = 7;
    const random = (): number => { seed = (seed * 1103515245 + 12345) & 0x7fffffff; return seed; };
    for (let round = 0; round < 1500; round++) {
      const text = Array.from({ length: 1 + (random() % 30) }, () => parts[random() % parts.length]).join('');
      const hidden = deidentify(text);
      assert.equal(hidden.restore(hidden.text), text, JSON.stringify(text));
    }
  }).timeout(60_000);

  it('reads long and hostile texts in a time that grows with their length', () => {
    const hostile = ['a', '1', '1-', '1 ', '(1)', 'A', 'Ab ', 'Ab-', 'Mr. ', 'Mr. A. ', '0/', 'a@', 'a.', 'http://', '[', '[NAME', ' ', '\n', '1.', 'van de ', 'March ', '::', 'É', 'January 1 - ', 'of Ab ', '"', '[**', 'Dr. St. ', 'no ', '# ', 'John, and ', 'AB12-', '1 Ab ', 'Ab, ', 'ab:', 'Ab;', 'age;name;city\n'];
    // Not timed here: a rule that is not linear would need hours for these.
    for (const unit of hostile) { assert.equal(typeof hide(unit.repeat(Math.ceil(100_000 / unit.length))), 'string'); }
  }).timeout(120_000);

  it('counts by class', () => assert.deepEqual(countByClass(deidentify('Dr. Fernsby and Dr. Quennell on 03/14/2021').replacements), [['name', 2], ['date', 1]]));

  it('takes the name that opens a note, also where its words are everyday ones', () => {
    const { text } = deidentify('HISTORY\n\nSummer Field is a pleasant 60-year-old male with gout.\nThe Patient is a 60-year-old.', undefined);
    assert.ok(!/Summer|Field/.test(text), text);
    assert.match(text, /The Patient is a 60-year-old/);
  });

  it('takes no speech of a dialogue for a name, and still finds the names in it', () => {
    for (const eol of ['\n', '\r\n']) {
      const lines = ['Doctor: How is the knee?', 'Patient: Yeah, still sore.', 'Doctor: Fourteen days now, and Patricia came with you?', 'Patient: Oh, she did.'];
      assert.equal(hide(lines.join(eol)), lines.join(eol).replace('Patricia', '[NAME-1]'));
    }
    assert.equal(hide('hey, dragon, show me the x-ray'), 'hey, dragon, show me the x-ray');
    assert.equal(hide('Good morning. I\'m Doctor Quennell.'), 'Good morning. I\'m Doctor [NAME-1].');
  });

  it('finds names, places and phones by less usual signs', () => {
    const cases: readonly [string, string][] = [
      ['pt odalys quennell, 45 yo f', 'pt [NAME-1], 45 yo f'],
      ['The passenger Odalys, 27F, was unhurt.', 'The passenger [NAME-1], 27F, was unhurt.'],
      ['Call back. Alvina Quennell LPN', 'Call back. [NAME-1] LPN'],
      ['Goes to the infusion center at Ashby.', 'Goes to the infusion center at [PLACE-1].'],
      ['He came from mount ashby last week.', 'He came from [PLACE-1] last week.'],
      ['She moved from Ashbyshire.', 'She moved from [PLACE-1].'],
      ['Tel: 01632 960148', 'Tel: [PHONE-1]'],
      ['or 020 7946 0018', 'or [PHONE-1]'],
      ['Next session Thursday 10/7.', 'Next session [DATE-1].'],
    ];
    for (const [text, expected] of cases) { assert.equal(hide(text), expected); }
    for (const text of ['Consultant Rheumatologist', 'moved from the West Coast', 'a hospital in Southern India', 'Our patient underwent surgery 4 years ago', 'mean patient age was 50 years', 'dose of 0.5 100 mg']) { assert.equal(hide(text), text); }
  });

  it('shows both sides with the same line breaks and nothing lost', () => {
    const text = `Patient: Alvina Quennell, seen by Dr. Fernsby on 11/02/2021 with an acute flare of gout of the first toe, treated with colchicine.\nNo fever. ${'word '.repeat(60)}`;
    const hidden = deidentify(text, undefined);
    const [left, right] = sideBySide(text, hidden.replacements);
    assert.equal(left.split('\n').length, right.split('\n').length);
    assert.equal(left.replace(/\n/g, ''), text.replace(/\n/g, ''));
    assert.equal(right.replace(/\n/g, ''), hidden.text.replace(/\n/g, ''));
    assert.ok([...left.split('\n'), ...right.split('\n')].every(line => line.length < 70));
  });
});
