import type { CaseConcept } from '../terminology/types';
import type { KnowledgeBase } from './knowledgeBase';

/** The names under which texts speak of concepts, also of those that the terminology does not hold. */
export interface QuestionNames {
  /** Name, synonyms, brands and class names. */
  drugNames(id: string): readonly string[];
  /** Name, synonyms, abbreviations, and those of wider and narrower diseases. */
  diseaseNames(id: string): readonly string[];
  /** The disease, and its wider and narrower ones. */
  nearDiseases(id: string): readonly string[];
  /** Drugs and diseases that a text names. */
  mentioned(text: string): { readonly drugs: ReadonlySet<string>; readonly diseases: ReadonlySet<string> };
}

/** Slug of a name that the terminology does not hold. */
export function slugOf(name: string): string {
  return name.normalize('NFKD').toLowerCase().replace(/[\u0300-\u036f]/g, '').replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '') || 'unnamed';
}

/** Finds a name that no terminology holds, also in the plural, hyphenated, and with or without the possessive. */
function namePattern(name: string): RegExp {
  const words = name.trim().replace(/['’]s(?!\p{L})/gu, '').split(/[\s\u2010-\u2013-]+/).map(word => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`(?<![\\p{L}\\p{N}])${words.join("(?:['’]?s)?[\\s\\u2010-\\u2013-]+")}(?:['’]s|e?s)?(?![\\p{L}\\p{N}])`, 'iu');
}

/** Names over the knowledge base, with more drugs and diseases that only this question knows. */
export function questionNames({ terminology, graph }: KnowledgeBase, extra: readonly Pick<CaseConcept, 'kind' | 'id' | 'name'>[] = []): QuestionNames {
  const unknown = extra.map(concept => ({ ...concept, pattern: namePattern(concept.name) }));
  const nameOfUnknown = (kind: 'drug' | 'disease', id: string) => unknown.filter(concept => concept.kind === kind && concept.id === id).map(({ name }) => name);
  const nearDiseases = (id: string) => [id, ...graph.broader(id).keys(), ...graph.narrower(id).keys()];
  const cache = new Map<string, { drugs: Set<string>; diseases: Set<string> }>();
  return {
    drugNames(id) {
      const drug = graph.drug(id);
      if (!drug) { return nameOfUnknown('drug', id); }
      const classes = graph.classesOf(id).flatMap(slug => { const found = graph.drugClass(slug); return found ? [found.name, ...found.synonyms] : []; });
      return [drug.name, ...drug.synonyms, ...drug.abbreviations, ...drug.brands, ...classes];
    },
    diseaseNames(id) {
      if (!graph.disease(id)) { return nameOfUnknown('disease', id); }
      return nearDiseases(id).flatMap(slug => { const found = graph.disease(slug); return found ? [found.name, ...found.synonyms, ...found.abbreviations] : []; });
    },
    nearDiseases,
    mentioned(text) {
      let found = cache.get(text);
      if (!found) {
        found = { drugs: new Set(), diseases: new Set() };
        for (const { kind, conceptId } of terminology.find(text)) {
          if (kind === 'drug') { found.drugs.add(conceptId); }
          if (kind === 'disease') { found.diseases.add(conceptId); }
        }
        for (const { kind, id, pattern } of unknown) { if (pattern.test(text)) { (kind === 'drug' ? found.drugs : found.diseases).add(id); } }
        cache.set(text, found);
      }
      return found;
    },
  };
}
