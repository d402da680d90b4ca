import { dateOfParts, yearIn } from './dates';
import type { Section } from './documents';
import { licenceId } from './licence';
import type { EditorialNote } from './notices';
import { paperDocument, sectionLabel } from './paperDocument';
import type { CorpusReader, CorpusRecord } from './types';
import { descendants, element, elements, textAt, textOf } from './xml';
import type { XmlElement } from './xml';
import { rootElement, xmlRecords } from './xmlRecords';

const ROOTS = new Set(['article', 'pmc-articleset', 'OAI-PMH', 'articles']);

/** JATS full text (`.nxml`): one article, or PMC's article sets. */
export const jatsReader: CorpusReader = {
  name: 'JATS full text',
  recognises: ({ head }) => ROOTS.has(rootElement(head) ?? ''),
  async *read(input) {
    for await (const { root, position } of xmlRecords(input, ['article'])) {
      try { yield articleRecord(root); } catch (error) { input.problem(position, error instanceof Error ? error.message : 'not an article'); }
    }
  },
};

const ARTICLE_TYPES: Readonly<Record<string, string>> = {
  'review-article': 'review', 'systematic-review': 'systematic review', 'meta-analysis': 'meta-analysis', 'case-report': 'case report', 'editorial': 'editorial', 'letter': 'letter',
  'correction': 'erratum', 'retraction': 'retraction notice', 'expression-of-concern': 'expression of concern', 'clinical-trial': 'clinical trial', 'randomized-controlled-trial': 'randomised trial',
};
const OWN_NOTES: Readonly<Record<string, EditorialNote['kind']>> = {
  'correction': 'corrects', 'retraction': 'retracts', 'partial-retraction': 'retracts', 'expression-of-concern': 'voices concern', 'retracted-article': 'retracted',
};
const RELATED_NOTES: Readonly<Record<string, EditorialNote['kind']>> = {
  'retraction-forward': 'retracted', 'partial-retraction': 'partly retracted', 'expression-of-concern': 'concern', 'correction-forward': 'corrected', 'corrected-article': 'corrects', 'retracted-article': 'retracts',
};
// Text that is no running text, is cited elsewhere, or is given apart (captions).
const SKIPPED = new Set(['table-wrap', 'fig', 'fig-group', 'table-wrap-group', 'disp-formula', 'tex-math', 'ref-list', 'fn', 'fn-group', 'supplementary-material', 'media', 'graphic', 'object-id', 'boxed-text-id']);
// Parts that say nothing about patients or drugs, by title where they have no type.
const NO_FINDINGS = /^(competing interests?|conflicts? of interests?|authors?['’]? contributions?|(list of )?abbreviations|pre-publication history|acknowledge?ments?|funding|financial support|supporting information|supplementary (data|material)|additional files?|consent for publication|availability of data.*|disclosures?|author information|publisher['’]s note)$/i;
const NO_SECTIONS = new Set(['supplementary-material', 'ack', 'COI-statement', 'conflict', 'display-objects', 'associated-data']);

function articleRecord(article: XmlElement): CorpusRecord {
  const front = element(article, 'front') ?? element(article, 'front-stub');
  const meta = element(front, 'article-meta') ?? front;
  const id = (...types: string[]): string | undefined => types.map(type => textOf(elements(meta, 'article-id').find(({ attributes }) => attributes['pub-id-type'] === type))).find(text => text !== '');
  const pmcNumber = /\d+/.exec(id('pmc', 'pmcid', 'pmcaid') ?? '')?.[0];
  const [pmid, doi] = [id('pmid'), id('doi')];
  const documentId = pmcNumber !== undefined ? `PMC${pmcNumber}` : pmid !== undefined ? `PMID:${pmid}` : doi !== undefined ? `DOI:${doi}` : undefined;
  if (documentId === undefined) throw new Error('the article has no PMC id, PMID or DOI');
  const title = textOf(element(meta, 'title-group', 'article-title'), isReference);
  if (title === '') throw new Error('the article has no title');
  const type = article.attributes['article-type'] ?? '';
  const subjects = descendants(element(meta, 'article-categories'), 'subject').map(subject => textOf(subject));
  const sections = [...abstracts(meta), ...body(element(article, 'body')), ...captions(article)];
  const journal = textOf(descendants(element(front, 'journal-meta'), 'journal-title')[0]);
  const own = OWN_NOTES[type];
  const document = paperDocument({
    id: documentId,
    title,
    url: pmcNumber !== undefined ? `https://pmc.ncbi.nlm.nih.gov/articles/PMC${pmcNumber}/` : pmid !== undefined ? `https://pubmed.ncbi.nlm.nih.gov/${pmid}/` : `https://doi.org/${doi}`,
    year: yearIn(published(meta)),
    journal: journal === '' ? undefined : journal,
    publicationTypes: [...(type === '' ? [] : [type]), ...subjects.slice(0, 1)],
    design: ARTICLE_TYPES[type] ?? designInTitle(title),
    notes: [
      ...(own ? [{ kind: own }] : []),
      ...descendants(meta, 'related-article').flatMap((related): EditorialNote[] => {
        const kind = RELATED_NOTES[related.attributes['related-article-type'] ?? ''];
        return kind === undefined ? [] : [{ kind, where: related.attributes['xlink:href'] }];
      }),
    ],
    keywords: elements(meta, 'kwd-group').flatMap(group => descendants(group, 'kwd')).map(keyword => textOf(keyword)),
    pmid,
    pmcid: pmcNumber === undefined ? undefined : `PMC${pmcNumber}`,
    doi,
    licence: licenceOf(meta),
    sections,
  });
  return { format: 'jats', document, version: published(meta) };
}

/** A trial says so in its title by reporting guideline (CONSORT); nothing else is concluded from titles. */
function designInTitle(title: string): string | undefined {
  if (/\bprotocol\b/i.test(title)) return undefined;
  if (/\bmeta-analys[ie]s\b/i.test(title)) return 'meta-analysis';
  if (/\bsystematic review\b/i.test(title)) return 'systematic review';
  if (/\brandomi[sz]ed\b.*\b(trial|study)\b/i.test(title)) return 'randomised trial';
  return undefined;
}

function published(meta: XmlElement | undefined): string | undefined {
  const dates = elements(meta, 'pub-date').filter(({ attributes }) => attributes['pub-type'] !== 'pmc-release');
  return dates.map(date => dateOfParts(textAt(date, 'year'), textAt(date, 'month'), textAt(date, 'day'))).filter(date => date !== undefined).sort()[0];
}

function licenceOf(meta: XmlElement | undefined): string {
  const permissions = element(meta, 'permissions');
  const licences = elements(permissions, 'license');
  const addresses = licences.flatMap(licence => [
    licence.attributes['xlink:href'] ?? '', ...descendants(licence, 'ali:license_ref').map(ref => textOf(ref)), ...descendants(licence, 'ext-link').map(link => link.attributes['xlink:href'] ?? ''),
  ]);
  const stated = [...addresses, ...licences.map(licence => textOf(licence))].filter(text => text.trim() !== '').map(licenceId);
  return stated.find(text => text?.startsWith('CC') || text?.startsWith('PDM')) ?? stated.find(text => text !== undefined)
    ?? (textOf(element(permissions, 'copyright-statement')) !== '' ? 'all rights reserved' : 'no licence stated');
}

function abstracts(meta: XmlElement | undefined): Section[] {
  return elements(meta, 'abstract').filter(({ attributes }) => !/graphical|teaser|toc|key-points-image/.test(attributes['abstract-type'] ?? '')).flatMap(abstract => {
    const parts = elements(abstract, 'sec');
    const direct = { label: 'Abstract', paragraphs: paragraphs(abstract) };
    return [direct, ...parts.map(part => ({ label: sectionLabel(textAt(part, 'title')) ?? 'Abstract', paragraphs: paragraphs(part, true) }))];
  });
}

function body(part: XmlElement | undefined): Section[] {
  if (part === undefined) return [];
  const visit = (section: XmlElement, above: string | undefined): Section[] => {
    if (NO_SECTIONS.has(section.attributes['sec-type'] ?? '')) return [];
    const title = sectionLabel(textOf(element(section, 'title'), isReference));
    if (title !== undefined && NO_FINDINGS.test(title)) return [];
    const label = above !== undefined && title !== undefined ? `${above}: ${title}` : title ?? above;
    // Deeper levels share the label of the second: labels stay short.
    const below = above === undefined ? label : above;
    return [{ label, paragraphs: paragraphs(section) }, ...elements(section, 'sec').flatMap(inner => visit(inner, below))];
  };
  return [{ label: 'Text', paragraphs: paragraphs(part) }, ...elements(part, 'sec').flatMap(section => visit(section, undefined))];
}

/** Paragraphs right in a part (lists and quotes too), or in all parts below it. */
function paragraphs(part: XmlElement, below = false): string[] {
  return part.children.flatMap(child => {
    if (typeof child === 'string' || child.name === 'title' || child.name === 'label' || SKIPPED.has(child.name)) return [];
    if (child.name === 'sec') return below ? paragraphs(child, true) : [];
    return [withoutEmptyBrackets(textOf(child, inner => SKIPPED.has(inner.name) || isReference(inner)))];
  });
}

function captions(article: XmlElement): Section[] {
  const places = [element(article, 'body'), element(article, 'floats-group'), element(article, 'floats-wrap'), element(article, 'back')];
  const of = (name: string): string[] => places.flatMap(place => descendants(place, name)).flatMap(item => {
    const caption = textOf(element(item, 'caption'), isReference);
    return caption === '' ? [] : [`${textAt(item, 'label') ?? ''} ${caption}`.trim()];
  });
  return [{ label: 'Table captions', paragraphs: of('table-wrap') }, { label: 'Figure captions', paragraphs: of('fig') }];
}

function isReference({ name, attributes }: XmlElement): boolean {
  return name === 'xref' && ['bibr', 'fn', 'aff', 'corresp'].includes(attributes['ref-type'] ?? '') || name === 'tex-math';
}

/** "[, ]" is left where the numbers of references were. */
function withoutEmptyBrackets(text: string): string {
  return text.replace(/\s*[[(](?:[\s,;–—-]|\^)*[\])]/g, '').replace(/\s+([.,;:])/g, '$1').trim();
}
