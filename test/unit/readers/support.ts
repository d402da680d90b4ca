import { after } from 'mocha';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { readCorpus } from '../../../src/core/evidence/readers/corpus';
import type { CorpusSummary, ReadCorpusOptions } from '../../../src/core/evidence/readers/corpus';
import type { CorpusProblem } from '../../../src/core/evidence/readers/types';
import type { EvidenceDocument } from '../../../src/core/evidence/types';

export interface Reading {
  readonly documents: readonly EvidenceDocument[];
  readonly problems: readonly CorpusProblem[];
  readonly summary: CorpusSummary;
}

const made: string[] = [];
after(async () => { for (const directory of made) await rm(directory, { recursive: true, force: true }); });

/** A fresh folder with files in it, by path. */
export async function folderOf(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'kedrec-readers-'));
  made.push(directory);
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(directory, name)), { recursive: true });
    await writeFile(join(directory, name), content);
  }
  return directory;
}

export async function readPaths(paths: readonly string[], options: ReadCorpusOptions = {}): Promise<Reading> {
  const documents: EvidenceDocument[] = [];
  const problems: CorpusProblem[] = [];
  let summary: CorpusSummary | undefined;
  for await (const document of readCorpus(paths, { ...options, onProblem: problem => problems.push(problem), onSummary: whole => { summary = whole; } })) documents.push(document);
  return { documents, problems, summary: summary! };
}

/** Reads files given by name and content. */
export async function readFiles(files: Readonly<Record<string, string | Uint8Array>>, options: ReadCorpusOptions = {}): Promise<Reading> {
  return readPaths([await folderOf(files)], options);
}

/** Text of a document's section, its passages joined. */
export function sectionOf(document: EvidenceDocument | undefined, section: string): string {
  return (document?.passages ?? []).filter(passage => passage.section === section).map(({ text }) => text).join('\n');
}

/** A zip archive that stores its members as they are. */
export function zipOf(members: Readonly<Record<string, Uint8Array>>): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, bytes] of Object.entries(members)) {
    const path = Buffer.from(name);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(20, 4);
    local.writeUInt32LE(crc32(bytes), 14);
    local.writeUInt32LE(bytes.length, 18);
    local.writeUInt32LE(bytes.length, 22);
    local.writeUInt16LE(path.length, 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(20, 6);
    local.copy(central, 10, 8, 30);
    central.writeUInt16LE(0, 30);
    central.writeUInt32LE(offset, 42);
    parts.push(local, path, Buffer.from(bytes));
    directory.push(central, path);
    offset += local.length + path.length + bytes.length;
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Object.keys(members).length, 8);
  end.writeUInt16LE(Object.keys(members).length, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, ...directory, end]);
}

/** A synthetic PubMed article; ids above 90,000,000 are not in use. */
export function pubmedArticle(pmid: number, { title = `Synthetic article ${pmid}`, revised = '2020-05-04', extra = '', types = ['Journal Article'], abstract = '<AbstractText>Synthetic abstract.</AbstractText>' } = {}): string {
  const [year, month, day] = revised.split('-');
  return `<PubmedArticle><MedlineCitation><PMID Version="1">${pmid}</PMID><DateRevised><Year>${year}</Year><Month>${month}</Month><Day>${day}</Day></DateRevised>
<Article><Journal><JournalIssue><PubDate><Year>2019</Year></PubDate></JournalIssue><Title>Synthetic Journal</Title></Journal><ArticleTitle>${title}</ArticleTitle>
<Abstract>${abstract}</Abstract><PublicationTypeList>${types.map(type => `<PublicationType>${type}</PublicationType>`).join('')}</PublicationTypeList></Article>${extra}</MedlineCitation></PubmedArticle>`;
}

export const pubmedSet = (...articles: readonly string[]): string => `<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE PubmedArticleSet SYSTEM "x.dtd">\n<PubmedArticleSet>\n${articles.join('\n')}\n</PubmedArticleSet>\n`;

/** A synthetic study in the shape of the ClinicalTrials.gov API v2. */
export function study(number: number, { update = '2024-02-03', status = {} as object, results = undefined as object | undefined } = {}): object {
  return {
    protocolSection: {
      identificationModule: { nctId: `NCT9${String(number).padStart(7, '0')}`, briefTitle: `Synthetic study ${number}`, acronym: 'SYNTH' },
      statusModule: { overallStatus: 'TERMINATED', whyStopped: 'Slow recruitment (synthetic)', startDateStruct: { date: '2021-05' }, completionDateStruct: { date: '2023-06-01' }, lastUpdatePostDateStruct: { date: update }, ...status },
      sponsorCollaboratorsModule: { leadSponsor: { name: 'Synthetic Sponsor' } },
      descriptionModule: { briefSummary: 'A synthetic summary with p \\< 0.05.' },
      conditionsModule: { conditions: ['Synthetic disease'], keywords: ['synthetic'] },
      designModule: { studyType: 'INTERVENTIONAL', phases: ['PHASE2', 'PHASE3'], designInfo: { allocation: 'RANDOMIZED', maskingInfo: { masking: 'DOUBLE' } }, enrollmentInfo: { count: 12, type: 'ACTUAL' } },
      armsInterventionsModule: { armGroups: [{ label: 'Arm A', type: 'EXPERIMENTAL', description: 'Gets examplamab.' }], interventions: [{ type: 'DRUG', name: 'Examplamab', description: 'Daily.', otherNames: ['EX-1'] }] },
      outcomesModule: { primaryOutcomes: [{ measure: 'Synthetic score', timeFrame: '12 weeks' }] },
      eligibilityModule: { eligibilityCriteria: 'Inclusion: adults.' },
    },
    ...(results === undefined ? {} : { resultsSection: results }),
  };
}
