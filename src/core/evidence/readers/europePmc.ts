import { isoDate, yearIn } from './dates';
import { licenceId } from './licence';
import type { JsonObject } from './jsonRecords';
import { labelledParts } from './medline';
import type { EditorialNote } from './notices';
import { paperDocument } from './paperDocument';
import { listIn, textIn, textsIn } from './trialsJson';
import type { CorpusRecord } from './types';
import type { Section } from './documents';

/** A result of the Europe PMC search service (lite or core). */
export function isEuropePmc(value: JsonObject): boolean {
  return typeof value['id'] === 'string' && typeof value['source'] === 'string' && ('authorString' in value || 'pubYear' in value || 'abstractText' in value) && 'title' in value;
}

const NOTES: Readonly<Record<string, EditorialNote['kind']>> = {
  'Retraction in': 'retracted', 'Partial retraction in': 'partly retracted', 'Expression of concern in': 'concern', 'Erratum in': 'corrected',
  'Retraction of': 'retracts', 'Expression of concern for': 'voices concern', 'Erratum for': 'corrects',
};

/** Throws Error with the reason for a result without title. */
export function europePmcRecord(value: JsonObject): CorpusRecord {
  const [source, own] = [textIn(value, 'source')!, textIn(value, 'id')!];
  const title = textIn(value, 'title');
  if (title === undefined) throw new Error('the result has no title');
  const [pmid, pmcid] = [textIn(value, 'pmid'), textIn(value, 'pmcid')];
  const id = pmid !== undefined ? `PMID:${pmid}` : pmcid ?? `EPMC:${source}:${own}`;
  const types = textsIn(value, 'pubTypeList', 'pubType');
  const document = paperDocument({
    id,
    title: title.replace(/<\/?[a-z][^>]*>/gi, ''),
    url: `https://europepmc.org/article/${source}/${own}`,
    year: yearIn(textIn(value, 'pubYear') ?? textIn(value, 'firstPublicationDate')),
    journal: textIn(value, 'journalTitle') ?? textIn(value, 'journalInfo', 'journal', 'title') ?? textIn(value, 'bookOrReportDetails', 'publisher'),
    publicationTypes: types.length > 0 ? types : (textIn(value, 'pubType') ?? '').split('; ').filter(type => type !== ''),
    design: source === 'PPR' ? 'preprint' : undefined,
    notes: listIn(value, 'commentCorrectionList', 'commentCorrection').flatMap((note): EditorialNote[] => {
      const kind = NOTES[textIn(note, 'type') ?? ''];
      return kind === undefined ? [] : [{ kind, where: textIn(note, 'reference') }];
    }),
    mesh: listIn(value, 'meshHeadingList', 'meshHeading').map(heading => textIn(heading, 'descriptorName')).filter(name => name !== undefined),
    substances: listIn(value, 'chemicalList', 'chemical').map(chemical => textIn(chemical, 'name')).filter(name => name !== undefined),
    keywords: textsIn(value, 'keywordList', 'keyword'),
    pmid,
    pmcid,
    doi: textIn(value, 'doi'),
    licence: licenceId(textIn(value, 'license') ?? '') ?? 'Europe PMC terms; abstracts may be copyrighted',
    sections: abstractSections(textIn(value, 'abstractText')),
  });
  return { format: 'europepmc-json', document, version: isoDate(textIn(value, 'dateOfRevision') ?? textIn(value, 'firstIndexDate') ?? textIn(value, 'firstPublicationDate')) };
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: '\'', amp: '&' };

/** Core results mark the parts of an abstract with `<h4>`. */
function abstractSections(abstract: string | undefined): Section[] {
  if (abstract === undefined) return [];
  const plain = (text: string): string => text.replace(/<\/?[a-z][a-z0-9]*(?:\s[^<>]*)?\/?>/gi, ' ').replace(/&(lt|gt|quot|apos|amp);/g, (_, name: string) => ENTITIES[name]!);
  if (!/<h4>/i.test(abstract)) return labelledParts(plain(abstract).trim());
  return abstract.split(/<h4>/i).map((part, i) => {
    const [label, ...text] = i === 0 ? [undefined, part] : part.split(/<\/h4>/i);
    return { label: label === undefined ? 'Abstract' : plain(label).trim(), paragraphs: [plain(text.join(' '))] };
  });
}
