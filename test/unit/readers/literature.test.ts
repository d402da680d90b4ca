import assert from 'node:assert/strict';
import { designByTypes } from '../../../src/core/evidence/readers/paperDocument';
import { isGraveNotice, noticeOf } from '../../../src/core/evidence/readers/notices';
import { PASSAGE_LENGTH } from '../../../src/core/evidence/readers/documents';
import { pubmedArticle, pubmedSet, readFiles, sectionOf } from './support';

const medline = `
PMID- 90000011
OWN - NLM
LR  - 20200102
DP  - 2012 Oct
TI  - A synthetic title that
      goes on.
AB  - BACKGROUND: Something synthetic. METHODS: We made it up. RESULTS: p
      was 0.5 (n=3). CONCLUSION: None.
TA  - Synth J
PT  - Randomized Controlled Trial
MH  - *Synthetic Disease/drug therapy
LID - 10.0000/synthetic [doi]
RIN - Synth J. 2015;1:2. PMID: 90000012

PMID- 90000013
TI  - Without an abstract (synthetic).
PT  - Letter
`;

const jats = (inside = '', type = 'research-article'): string => `<?xml version="1.0"?><!DOCTYPE article PUBLIC "-//NLM//DTD" "x.dtd">
<article article-type="${type}" xmlns:xlink="http://www.w3.org/1999/xlink"><front><journal-meta><journal-title-group><journal-title>Synth J</journal-title></journal-title-group></journal-meta><article-meta>
<article-id pub-id-type="pmc">99000001</article-id><article-id pub-id-type="pmid">90000021</article-id><title-group><article-title>Synthetic <italic>full</italic> text: a randomised trial<xref ref-type="fn">*</xref></article-title></title-group>
<pub-date pub-type="pmc-release"><year>2001</year></pub-date><pub-date pub-type="epub"><day>3</day><month>4</month><year>2018</year></pub-date>${inside}
<permissions><license xlink:href="http://creativecommons.org/licenses/by-nc/4.0/"><license-p>Open.</license-p></license></permissions>
<abstract><sec><title>RESULTS:</title><p>Synthetic counts were 10<sup>9</sup>/L.</p></sec></abstract></article-meta></front>
<body><p>Start.</p><sec><title>Methods</title><p>Known before [<xref ref-type="bibr">1</xref>, <xref ref-type="bibr">2</xref>].</p><sec><title>Patients</title><p>${'Synthetic sentence number one. '.repeat(120)}</p>
<table-wrap><label>Table 1</label><caption><p>Synthetic caption.</p></caption><table><tr><td>cell</td></tr></table></table-wrap></sec></sec><sec><title>Competing interests</title><p>None.</p></sec></body><back><ref-list><ref>Not text</ref></ref-list></back></article>`;

describe('literature readers', () => {
  it('keep the labels of structured abstracts, MeSH and publication types of PubMed XML', async () => {
    const article = pubmedArticle(90000001, {
      types: ['Journal Article', 'Randomized Controlled Trial'], abstract: '<AbstractText Label="METHODS">10<sup>-3</sup> of CO<sub>2</sub>.</AbstractText><AbstractText Label="UNLABELLED">Rest &amp; end.</AbstractText>',
      extra: '<MeshHeadingList><MeshHeading><DescriptorName>Synthetic Disease</DescriptorName></MeshHeading></MeshHeadingList>',
    });
    const { documents: [document], problems } = await readFiles({ 'set.dat': pubmedSet(article) });
    assert.deepEqual(problems, []);
    assert.deepEqual(document, {
      id: 'PMID:90000001', source: 'literature', title: 'Synthetic article 90000001', url: 'https://pubmed.ncbi.nlm.nih.gov/90000001/', year: 2019, journal: 'Synthetic Journal', design: 'randomised trial',
      facts: { 'publication types': 'Journal Article; Randomized Controlled Trial', MeSH: 'Synthetic Disease' }, licence: 'NLM PubMed terms; abstracts may be copyrighted',
      passages: [
        { id: 'PMID:90000001#1', documentId: 'PMID:90000001', section: 'Methods', text: '10^-3 of CO2.' }, { id: 'PMID:90000001#2', documentId: 'PMID:90000001', section: 'Abstract', text: 'Rest & end.' },
      ],
    });
  });

  it('mark retractions, concerns and corrections', async () => {
    const note = (type: string, where: string): string => `<CommentsCorrectionsList><CommentsCorrections RefType="${type}"><RefSource>${where}</RefSource><PMID>90000099</PMID></CommentsCorrections></CommentsCorrectionsList>`;
    const { documents, summary } = await readFiles({ 'set.xml': pubmedSet(
      pubmedArticle(90000001, { extra: note('RetractionIn', 'Synth J. 2021'), types: ['Randomized Controlled Trial', 'Retracted Publication'] }), pubmedArticle(90000002, { extra: note('ExpressionOfConcernIn', 'Synth J. 2022') }),
      pubmedArticle(90000003, { extra: note('ErratumIn', 'Synth J. 2023') }), pubmedArticle(90000004, { extra: note('CommentIn', 'Synth J. 2024') }), pubmedArticle(90000005, { title: 'RETRACTED: Synthetic' }), pubmedArticle(90000006, { types: ['Retracted Publication'] }),
    ) });
    assert.deepEqual(documents.map(({ notice }) => notice), ['Retracted: Synth J. 2021, PMID:90000099.', 'Expression of concern: Synth J. 2022, PMID:90000099.', 'Corrected: Synth J. 2023, PMID:90000099.', undefined, 'Retracted.', 'Retracted.']);
    assert.deepEqual(documents.map(({ notice }) => isGraveNotice(notice)), [true, true, false, false, true, true]);
    assert.equal(documents[0]!.design, 'randomised trial');
    assert.equal(summary.withNotice, 5);
  });

  it('put the gravest note first', () => {
    assert.equal(noticeOf([{ kind: 'corrected', where: 'A.' }, { kind: 'retracted' }]), 'Retracted. Corrected: A.');
  });

  it('tell the design by the strongest publication type', () => {
    assert.equal(designByTypes(['Journal Article', 'Review', 'Meta-Analysis']), 'meta-analysis');
    assert.equal(designByTypes(['Clinical Trial, Phase III', 'Randomized Controlled Trial']), 'randomised trial');
    assert.equal(designByTypes(['Randomized Controlled Trial, Veterinary']), 'veterinary trial');
    assert.equal(designByTypes(['Journal Article']), undefined);
  });

  it('read MEDLINE text with its labels and its retraction', async () => {
    const { documents: [first, second], problems, summary } = await readFiles({ 'pubmed.nbib': medline });
    assert.deepEqual(problems, []);
    assert.deepEqual(summary.files, { medline: 1 });
    assert.equal(first?.title, 'A synthetic title that goes on.');
    assert.deepEqual(first?.passages.map(({ section, text }) => [section, text]), [['Background', 'Something synthetic.'], ['Methods', 'We made it up.'], ['Results', 'p was 0.5 (n=3).'], ['Conclusion', 'None.']]);
    assert.deepEqual([first?.year, first?.design, first?.notice, first?.facts?.['DOI'], first?.facts?.['MeSH']], [2012, 'randomised trial', 'Retracted: Synth J. 2015;1:2. PMID: 90000012.', '10.0000/synthetic', 'Synthetic Disease']);
    assert.deepEqual(second?.passages, [{ id: 'PMID:90000013#1', documentId: 'PMID:90000013', section: 'Title', text: 'Without an abstract (synthetic).' }]);
  });

  it('cut JATS full text into passages of its sections, with captions and licence', async () => {
    const { documents: [document], problems } = await readFiles({ 'paper.nxml': jats() });
    assert.deepEqual(problems, []);
    assert.deepEqual([document?.id, document?.title, document?.journal, document?.year, document?.licence, document?.notice, document?.design], ['PMC99000001', 'Synthetic full text: a randomised trial', 'Synth J', 2018, 'CC-BY-NC-4.0', undefined, 'randomised trial']);
    assert.deepEqual([...new Set(document?.passages.map(({ section }) => section))], ['Results', 'Text', 'Methods', 'Methods: Patients', 'Table captions']);
    assert.equal(sectionOf(document, 'Results'), 'Synthetic counts were 10^9/L.');
    assert.equal(sectionOf(document, 'Methods'), 'Known before.');
    assert.equal(sectionOf(document, 'Table captions'), 'Table 1 Synthetic caption.');
    const long = document?.passages.filter(({ section }) => section === 'Methods: Patients') ?? [];
    assert.ok(long.length >= 2 && long.every(({ text }) => text.length <= PASSAGE_LENGTH && text.endsWith('one.')));
  });

  it('read article sets and mark retracted full text', async () => {
    const related = '<related-article related-article-type="retraction-forward" xlink:href="10.0000/notice"/>';
    const { documents } = await readFiles({ 'set.xml': `<pmc-articleset>${jats(related).replace(/^[^]*?(?=<article )/, '')}</pmc-articleset>` });
    assert.deepEqual(documents.map(({ notice }) => notice), ['Retracted: 10.0000/notice.']);
  });

  it('read Europe PMC answers, lite and core', async () => {
    const base = { source: 'MED', title: 'Synthetic <i>result</i>.', authorString: 'Nobody N.', pubYear: '2012' };
    const core = { ...base, id: '90000031', pmid: '90000031', abstractText: '<h4>Background</h4>Synthetic.<h4>Results</h4>P&lt;0.05.', pubTypeList: { pubType: ['Randomized Controlled Trial'] }, commentCorrectionList: { commentCorrection: [{ type: 'Retraction in', reference: 'Synth J 2015' }] } };
    const { documents, problems, summary } = await readFiles({ 'search.json': JSON.stringify({ version: '6.9', request: { q: {} }, resultList: { result: [core, { ...base, id: '90000032', pmid: '90000032', pubType: 'letter; journal article' }, { ...base, id: 'PPR1', source: 'PPR' }] } }) });
    assert.deepEqual(problems, []);
    assert.deepEqual(summary.files, { 'europepmc-json': 1 });
    assert.deepEqual(documents.map(({ id, design, notice }) => [id, design, notice]), [['PMID:90000031', 'randomised trial', 'Retracted: Synth J 2015.'], ['PMID:90000032', 'letter', undefined], ['EPMC:PPR:PPR1', 'preprint', undefined]]);
    assert.deepEqual(documents[0]!.passages.map(({ section, text }) => [section, text]), [['Background', 'Synthetic.'], ['Results', 'P<0.05.']]);
  });
});
