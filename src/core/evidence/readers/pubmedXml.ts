import { dateOfParts, yearIn } from './dates';
import type { Section } from './documents';
import type { EditorialNote } from './notices';
import { paperDocument, PUBMED_LICENCE, sectionLabel } from './paperDocument';
import type { CorpusReader, CorpusRecord } from './types';
import { descendants, element, elements, textAt, textOf } from './xml';
import type { XmlElement } from './xml';
import { rootElement, xmlRecords } from './xmlRecords';

const ROOTS = new Set(['PubmedArticleSet', 'PubmedArticle', 'PubmedBookArticleSet', 'PubmedBookArticle']);

/** PubMed XML: E-utilities' efetch, the yearly baseline and its daily updates. */
export const pubmedXmlReader: CorpusReader = {
  name: 'PubMed XML',
  recognises: ({ head }) => ROOTS.has(rootElement(head) ?? ''),
  async *read(input) {
    for await (const { root, position } of xmlRecords(input, ['PubmedArticle', 'PubmedBookArticle', 'DeleteCitation'])) {
      // At the end of a daily update: articles that PubMed has taken back.
      if (root.name === 'DeleteCitation') {
        for (const pmid of elements(root, 'PMID')) input.remove(`PMID:${textOf(pmid)}`, 'pubmed-xml');
        continue;
      }
      try {
        yield root.name === 'PubmedArticle' ? articleRecord(root) : bookRecord(root);
      } catch (error) { input.problem(position, error instanceof Error ? error.message : 'not an article'); }
    }
  },
};

const NOTES: Readonly<Record<string, EditorialNote['kind']>> = {
  RetractionIn: 'retracted', PartialRetractionIn: 'partly retracted', ExpressionOfConcernIn: 'concern', ErratumIn: 'corrected', CorrectedandRepublishedIn: 'corrected',
  RetractionOf: 'retracts', PartialRetractionOf: 'retracts', ExpressionOfConcernFor: 'voices concern', ErratumFor: 'corrects',
};

function articleRecord(root: XmlElement): CorpusRecord {
  const citation = element(root, 'MedlineCitation');
  const article = element(citation, 'Article');
  const pmid = textAt(citation, 'PMID');
  if (pmid === undefined || !/^\d{1,9}$/.test(pmid)) throw new Error('the article has no PMID');
  const title = textAt(article, 'ArticleTitle') ?? textAt(article, 'VernacularTitle');
  if (title === undefined) throw new Error('the article has no title');
  const identifiers = elements(element(root, 'PubmedData', 'ArticleIdList'), 'ArticleId');
  const identifier = (type: string): string | undefined => textOf(identifiers.find(({ attributes }) => attributes['IdType'] === type)) || undefined;
  const types = elements(element(article, 'PublicationTypeList'), 'PublicationType').map(type => textOf(type));
  const issue = element(article, 'Journal', 'JournalIssue', 'PubDate');
  const document = paperDocument({
    id: `PMID:${pmid}`,
    title,
    url: `https://pubmed.ncbi.nlm.nih.gov/${pmid}/`,
    year: yearIn(textAt(issue, 'Year') ?? textAt(issue, 'MedlineDate')) ?? yearIn(textAt(article, 'ArticleDate', 'Year')),
    journal: textAt(article, 'Journal', 'ISOAbbreviation') ?? textAt(article, 'Journal', 'Title') ?? textAt(citation, 'MedlineJournalInfo', 'MedlineTA'),
    publicationTypes: types,
    notes: elements(element(citation, 'CommentsCorrectionsList'), 'CommentsCorrections').flatMap(({ attributes, ...note }): EditorialNote[] => {
      const kind = NOTES[attributes['RefType'] ?? ''];
      return kind === undefined ? [] : [{ kind, where: noteWhere({ attributes, ...note }) }];
    }),
    mesh: elements(element(citation, 'MeshHeadingList'), 'MeshHeading').map(heading => textAt(heading, 'DescriptorName')).filter(name => name !== undefined),
    substances: elements(element(citation, 'ChemicalList'), 'Chemical').map(chemical => textAt(chemical, 'NameOfSubstance')).filter(name => name !== undefined),
    keywords: elements(citation, 'KeywordList').flatMap(list => elements(list, 'Keyword')).map(keyword => textOf(keyword)),
    pmcid: identifier('pmc'),
    doi: identifier('doi') ?? (textOf(elements(article, 'ELocationID').find(({ attributes }) => attributes['EIdType'] === 'doi')) || undefined),
    trials: descendants(article, 'AccessionNumber').map(number => textOf(number)).filter(number => /^NCT\d{8}$/.test(number)),
    licence: PUBMED_LICENCE,
    sections: [...abstractSections(element(article, 'Abstract')), ...elements(citation, 'OtherAbstract').filter(({ attributes }) => (attributes['Language'] ?? 'eng') === 'eng').flatMap(abstractSections)],
  });
  return { format: 'pubmed-xml', document, version: revised(citation) };
}

function noteWhere(note: XmlElement): string | undefined {
  const pmid = textAt(note, 'PMID');
  return [textAt(note, 'RefSource'), pmid && `PMID:${pmid}`].filter(part => part !== undefined).join(', ') || undefined;
}

function revised(citation: XmlElement | undefined): string | undefined {
  const date = element(citation, 'DateRevised') ?? element(citation, 'DateCompleted');
  return dateOfParts(textAt(date, 'Year'), textAt(date, 'Month'), textAt(date, 'Day'));
}

function abstractSections(abstract: XmlElement | undefined): Section[] {
  return elements(abstract, 'AbstractText').map(part => {
    const label = sectionLabel(part.attributes['Label']);
    return { label: label === undefined || /^unlabelled$/i.test(label) ? 'Abstract' : label, paragraphs: [textOf(part)] };
  });
}

function bookRecord(root: XmlElement): CorpusRecord {
  const book = element(root, 'BookDocument');
  const pmid = textAt(book, 'PMID');
  if (pmid === undefined) throw new Error('the book chapter has no PMID');
  const title = textAt(book, 'ArticleTitle') ?? textAt(book, 'Book', 'BookTitle');
  if (title === undefined) throw new Error('the book chapter has no title');
  const date = element(book, 'DateRevised') ?? element(book, 'ContributionDate');
  const document = paperDocument({
    id: `PMID:${pmid}`,
    title,
    url: `https://pubmed.ncbi.nlm.nih.gov/${pmid}/`,
    year: yearIn(textAt(date, 'Year') ?? textAt(book, 'Book', 'PubDate', 'Year')),
    journal: textAt(book, 'Book', 'BookTitle'),
    publicationTypes: elements(book, 'PublicationType').map(type => textOf(type)),
    notes: [],
    licence: PUBMED_LICENCE,
    sections: abstractSections(element(book, 'Abstract')),
  });
  return { format: 'pubmed-xml', document, version: dateOfParts(textAt(date, 'Year'), textAt(date, 'Month'), textAt(date, 'Day')) };
}
