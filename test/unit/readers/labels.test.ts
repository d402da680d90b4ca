import assert from 'node:assert/strict';
import { readFiles, sectionOf } from './support';

const spl = `<?xml version="1.0" encoding="UTF-8"?><document xmlns="urn:hl7-org:v3"><id root="x"/><code code="34391-3" displayName="HUMAN PRESCRIPTION DRUG LABEL"/><title>Synthetic</title>
<effectiveTime value="20200305"/><setId root="00000000-aaaa-bbbb-cccc-000000000001"/><versionNumber value="4"/>
<author><assignedEntity><representedOrganization><name>Synthetic Maker</name></representedOrganization></assignedEntity></author>
<component><structuredBody>
<component><section><code code="48780-1"/><subject><manufacturedProduct><manufacturedProduct><name>Examplix</name><asEntityWithGeneric><genericMedicine><name>EXAMPLAMAB</name></genericMedicine></asEntityWithGeneric></manufacturedProduct>
<subjectOf><document><code code="x"/></document></subjectOf></manufacturedProduct></subject></section></component>
<component><section><code code="34067-9"/><title>1 INDICATIONS AND USAGE</title><text><paragraph>For synthetic disease.</paragraph></text>
<component><section><code code="42229-5"/><title>1.1 Children</title><text>Not <content>for</content> children.<list><item>One</item><item>Two</item></list></text></section></component></section></component>
<component><section><code code="34070-3"/><title>4 CONTRAINDICATIONS</title><component><section><code code="42229-5"/><title>4.1 Synthetic allergy</title></section></component></section></component>
<component><section><code code="34073-7"/><title>7 DRUG INTERACTIONS</title><text><table><tbody><tr><td>Otherdrug</td><td>Avoid</td></tr></tbody></table></text></section></component>
<component><section><code code="34069-5"/><title>16 HOW SUPPLIED</title><text>In boxes.</text></section></component>
</structuredBody></component></document>`;

describe('label readers', () => {
  it('read SPL XML by section', async () => {
    const { documents: [document], problems, summary } = await readFiles({ 'label.xml': spl });
    assert.deepEqual(problems, []);
    assert.deepEqual(summary.files, { spl: 1 });
    assert.deepEqual([document?.id, document?.source, document?.title, document?.year], ['SPL:00000000-aaaa-bbbb-cccc-000000000001', 'labels', 'Examplix (examplamab): prescribing information', 2020]);
    assert.deepEqual(document?.facts, { brands: 'Examplix', generic: 'examplamab', manufacturer: 'Synthetic Maker', type: 'Human prescription drug label', effective: '2020-03-05', version: '4' });
    assert.deepEqual(document?.passages.map(({ section, text }) => [section, text]), [
      ['Indications and usage', 'For synthetic disease.'], ['Indications and usage: Children', 'Not for children.\nOne\nTwo'], ['Contraindications: Synthetic allergy', 'Synthetic allergy'], ['Drug interactions', 'Otherdrug | Avoid'],
    ]);
  });

  it('read openFDA answers and skip labels without text', async () => {
    const results = [
      { set_id: 'aaaa-1', effective_time: '20210102', openfda: { brand_name: ['EXAMPLIX'], generic_name: ['EXAMPLAMAB'] }, indications_and_usage: ['For synthetic disease.'], contraindications: ['Synthetic allergy.'], drug_interactions: ['Otherdrug.'], warnings: ['Falls.'] },
      { set_id: 'aaaa-2', openfda: { brand_name: ['EMPTYX'] } }, { set_id: 'aaaa-3', openfda: {}, warnings: ['No name.'] },
    ];
    const { documents: [document, ...more], problems } = await readFiles({ 'label.json': JSON.stringify({ meta: { results: { skip: 0 } }, results }, null, 2) });
    assert.equal(more.length, 0);
    assert.deepEqual([document?.id, document?.title, sectionOf(document, 'Contraindications'), sectionOf(document, 'Drug interactions'), sectionOf(document, 'Warnings')],
      ['SPL:aaaa-1', 'EXAMPLIX (EXAMPLAMAB): prescribing information', 'Synthetic allergy.', 'Otherdrug.', 'Falls.']);
    assert.deepEqual(problems.map(({ record, reason }) => [record, reason]), [[2, 'the label holds names only, no text'], [3, 'the label names no drug']]);
  });
});
