import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { findSections } from '../../../src/core/text/sections';

// All notes are synthetic.
const read = (text: string): string[] => findSections(text).map(({ kind, body }) => `${kind}|${text.slice(body.start, body.end).trim().replace(/\s+/g, ' ')}`);

describe('findSections', () => {
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ['headings on their own line', 'FAMILY HISTORY\n\nMother: gout\n\nALLERGIES\nPenicillin', ['family-history|Mother: gout', 'allergies|Penicillin']],
    ['headings with content', 'PMH: asthma\nMeds: none', ['past-history|asthma', 'medications|none']],
    ['several on one line', 'PMH: asthma. Allergies: sulfa. Meds: none', ['past-history|asthma.', 'allergies|sulfa.', 'medications|none']],
    ['a one-line section ends with its line', 'Allergies: sulfa\nHe was given cotrimoxazole.', ['allergies|sulfa']],
    ['a one-line section goes on over bullets', 'Allergies:\n- sulfa\n- latex\nPlan: none', ['allergies|- sulfa - latex', 'assessment|none']],
    ['markdown', '## Past Medical History\ngout\n**Plan:** none', ['past-history|gout', 'assessment|none']],
    ['prose is no heading', 'He takes his medications daily.\nThe plan is clear.', []],
  ];
  for (const [name, text, expected] of cases) it(name, () => assert.deepEqual(read(text), expected));
});
