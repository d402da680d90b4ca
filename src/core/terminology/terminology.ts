import { ConceptFinder, type FoundConcept } from './finder';
import { isChronic } from './chronic';
import type { ConceptKind, Disease, Drug, DrugClass, KnowledgeData } from './types';

/** Names and ids of all concepts: what `readCase` needs to know. Build once for a KnowledgeData and keep. */
export class Terminology {
  private readonly finder: ConceptFinder;
  private readonly diseases: ReadonlyMap<string, Disease>;
  private readonly drugs: ReadonlyMap<string, Drug>;
  private readonly classes: ReadonlyMap<string, DrugClass>;
  private readonly chronic: ReadonlySet<string>;

  constructor(readonly data: KnowledgeData) {
    this.finder = new ConceptFinder(data);
    this.diseases = new Map(data.diseases.map((disease) => [disease.id, disease]));
    this.drugs = new Map(data.drugs.map((drug) => [drug.id, drug]));
    this.classes = new Map(data.classes.map((drugClass) => [drugClass.id, drugClass]));
    this.chronic = new Set(data.diseases.filter(isChronic).map(({ id }) => id));
  }

  /** Concepts named in a text, in order, longest match first. */
  find(text: string): FoundConcept[] {
    return this.finder.find(text);
  }

  /** The concept a whole string names (name, synonym, brand or abbreviation; case and spelling variants allowed). */
  lookup(name: string, kind?: ConceptKind): { readonly kind: ConceptKind; readonly id: string } | undefined {
    return this.finder.lookup(name, kind);
  }

  disease(id: string): Disease | undefined {
    return this.diseases.get(id);
  }

  drug(id: string): Drug | undefined {
    return this.drugs.get(id);
  }

  drugClass(id: string): DrugClass | undefined {
    return this.classes.get(id);
  }

  /** Preferred name, or the id itself when it is unknown. */
  nameOf(kind: ConceptKind, id: string): string {
    return (kind === 'disease' ? this.disease(id) : kind === 'drug' ? this.drug(id) : this.drugClass(id))?.name ?? id;
  }

  isChronic(diseaseId: string): boolean {
    return this.chronic.has(diseaseId);
  }

  /** All wider concepts of a disease, nearest first, without itself. */
  broader(diseaseId: string): string[] {
    const found: string[] = [];
    const queue = [...(this.disease(diseaseId)?.broader ?? [])];
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      if (next === diseaseId || found.includes(next)) continue;
      found.push(next);
      queue.push(...(this.disease(next)?.broader ?? []));
    }
    return found;
  }
}
