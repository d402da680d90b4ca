import { join } from 'node:path';
import type { EvidenceDocument } from '../../src/core/evidence/types';
import type { Disease, Drug, DrugClass, KnowledgeData } from '../../src/core/terminology/types';
import { contentVersion } from './version';
import { readClass, readDisease, readDrug } from './concepts';
import { readEntries, yamlFiles, type Entry } from './entry';
import { readEvidence, type EvidenceEntry } from './evidence';
import { checkReferences } from './references';
import { sortProblems, type Problem } from './problems';

/** A concept with the entry that it was read from. */
export interface Authored<T> {
  readonly value: T;
  readonly entry: Entry;
}

/** Everything read from the corpus, with its places in the files. */
export interface CorpusSource {
  readonly diseases: readonly Authored<Disease>[];
  readonly classes: readonly Authored<DrugClass>[];
  readonly drugs: readonly Authored<Drug>[];
  readonly evidence: readonly EvidenceEntry[];
}

export interface Corpus {
  readonly knowledge: KnowledgeData;
  readonly evidence: readonly EvidenceDocument[];
  readonly problems: readonly Problem[];
  readonly source: CorpusSource;
}

function readFolder<T>(corpusDir: string, folder: string, read: (entry: Entry) => T | undefined, problems: Problem[]): Authored<T>[] {
  return yamlFiles(join(corpusDir, folder)).flatMap((path) => readEntries(corpusDir, path, problems)).flatMap((entry) => {
    const value = read(entry);
    return value === undefined ? [] : [{ value, entry }];
  });
}

/** Reads and validates the whole corpus. Never throws for what an author wrote: that becomes `problems`. */
export function loadCorpus(corpusDir: string): Corpus {
  const problems: Problem[] = [];
  const source: CorpusSource = {
    diseases: readFolder(corpusDir, 'diseases', readDisease, problems),
    classes: readFolder(corpusDir, 'classes', readClass, problems),
    drugs: readFolder(corpusDir, 'drugs', readDrug, problems),
    evidence: readFolder(corpusDir, 'evidence', readEvidence, problems).map(({ value }) => value),
  };
  const bySlug = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
  const content = {
    diseases: source.diseases.map(({ value }) => value).sort(bySlug),
    classes: source.classes.map(({ value }) => value).sort(bySlug),
    drugs: source.drugs.map(({ value }) => value).sort(bySlug),
  };
  const knowledge: KnowledgeData = { version: contentVersion(content), ...content };
  problems.push(...checkReferences(source, knowledge));
  return { knowledge, evidence: source.evidence.map(({ document }) => document).sort(bySlug), problems: sortProblems(problems), source };
}
