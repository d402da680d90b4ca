import type { EvidenceDocument } from '../evidence/types';
import type { CaseReading, Disease, Drug, DrugClass, Indication, KnowledgeData } from '../terminology/types';
import { shortestPath, type PathStep } from './path';
import { buildProfile } from './profile';
import { findSafetyFlags } from './safety';
import type { SafetyFlag } from './types';

/** How the disease of an indication stands to the disease asked for. */
export type IndicationRelation = 'exact' | 'broader' | 'narrower';

/** A drug with an indication that makes it a candidate for a disease. */
export interface DrugEdge {
  readonly drug: Drug;
  readonly indication: Indication;
  /** `broader`: the drug is for a wider disease; `narrower`: for a special case of the one asked for. */
  readonly relation: IndicationRelation;
  /** Steps up or down the disease hierarchy; 0 when exact. */
  readonly distance: number;
}

/** The drug knowledge graph: drugs, classes and diseases with their edges. All lookups are by slug; unknown slugs give undefined or nothing. */
export class KnowledgeGraph {
  private readonly diseasesById: ReadonlyMap<string, Disease>;
  private readonly drugsById: ReadonlyMap<string, Drug>;
  private readonly classesById: ReadonlyMap<string, DrugClass>;
  private readonly drugsByDisease = new Map<string, { drug: Drug; indication: Indication }[]>();
  private readonly drugsByClass = new Map<string, Drug[]>();
  private readonly children = new Map<string, string[]>();
  private readonly profiles = new Map<string, EvidenceDocument>();
  private readonly broaderOf = new Map<string, ReadonlyMap<string, number>>();
  private readonly allClassesOf = new Map<string, readonly string[]>();

  constructor(readonly data: KnowledgeData) {
    this.diseasesById = new Map(data.diseases.map((disease) => [disease.id, disease]));
    this.drugsById = new Map(data.drugs.map((drug) => [drug.id, drug]));
    this.classesById = new Map(data.classes.map((drugClass) => [drugClass.id, drugClass]));
    for (const { id, broader } of data.diseases) for (const wider of broader) append(this.children, wider, id);
    for (const drug of data.drugs) {
      for (const indication of drug.indications) append(this.drugsByDisease, indication.disease, { drug, indication });
      for (const slug of this.classesOf(drug.id)) append(this.drugsByClass, slug, drug);
    }
  }

  get version(): string {
    return this.data.version;
  }

  disease(id: string): Disease | undefined {
    return this.diseasesById.get(id);
  }

  drug(id: string): Drug | undefined {
    return this.drugsById.get(id);
  }

  drugClass(id: string): DrugClass | undefined {
    return this.classesById.get(id);
  }

  /** Preferred name of a drug, class or disease; the slug itself when unknown. */
  nameOf(id: string): string {
    return (this.drug(id) ?? this.drugClass(id) ?? this.disease(id))?.name ?? id;
  }

  /** Wider diseases with their distance, nearest first, without the disease itself. */
  broader(diseaseId: string): ReadonlyMap<string, number> {
    let found = this.broaderOf.get(diseaseId);
    if (found === undefined) this.broaderOf.set(diseaseId, found = this.closure(diseaseId, (id) => this.diseasesById.get(id)?.broader ?? []));
    return found;
  }

  /** Narrower diseases with their distance, nearest first, without the disease itself. */
  narrower(diseaseId: string): ReadonlyMap<string, number> {
    return this.closure(diseaseId, (id) => this.children.get(id) ?? []);
  }

  /** Classes of a drug, its own first, then the wider ones they are part of. */
  classesOf(drugId: string): readonly string[] {
    let found = this.allClassesOf.get(drugId);
    if (found === undefined) {
      const own = this.drugsById.get(drugId)?.classes ?? [];
      this.allClassesOf.set(drugId, found = [...new Set([...own, ...own.flatMap((slug) => this.widerClasses(slug))])]);
    }
    return found;
  }

  /** Classes that a class is part of, nearest first, without itself. */
  widerClasses(classId: string): string[] {
    return [...this.closure(classId, (id) => this.classesById.get(id)?.partOf ?? []).keys()];
  }

  /** Drugs of a class or of any class that is part of it. */
  drugsInClass(classId: string): readonly Drug[] {
    return this.drugsByClass.get(classId) ?? [];
  }

  /**
   * Drugs that are candidates for a disease: exact indications first, then those of wider (unless `includeBroader` is false) and, when
   * `includeNarrower`, narrower diseases, nearest first. A drug comes once, by its nearest edge.
   */
  drugsFor(diseaseId: string, options: { readonly includeBroader?: boolean; readonly includeNarrower?: boolean } = {}): DrugEdge[] {
    const edges: DrugEdge[] = [];
    const seen = new Set<string>();
    const add = (id: string, relation: IndicationRelation, distance: number): void => {
      for (const { drug, indication } of this.drugsByDisease.get(id) ?? []) {
        if (seen.has(drug.id)) continue;
        seen.add(drug.id);
        edges.push({ drug, indication, relation, distance });
      }
    };
    add(diseaseId, 'exact', 0);
    if (options.includeBroader !== false) for (const [id, distance] of this.broader(diseaseId)) add(id, 'broader', distance);
    if (options.includeNarrower === true) for (const [id, distance] of this.narrower(diseaseId)) add(id, 'narrower', distance);
    return edges;
  }

  /** What in a case speaks against a drug, gravest first. Empty for an unknown drug. */
  safetyFlags(drugId: string, reading: CaseReading): SafetyFlag[] {
    const drug = this.drugsById.get(drugId);
    return drug === undefined ? [] : findSafetyFlags(this, drug, reading);
  }

  /** Document of a drug (`KG:slug`) whose passages state its edges, or undefined for an unknown drug. Accepts the slug or the document id. */
  profile(drugId: string): EvidenceDocument | undefined {
    const id = drugId.startsWith('KG:') ? drugId.slice(3) : drugId;
    const drug = this.drugsById.get(id);
    if (drug === undefined) return undefined;
    let profile = this.profiles.get(id);
    if (profile === undefined) this.profiles.set(id, profile = buildProfile(this, drug));
    return profile;
  }

  /** Number of edges of a drug: indications, contraindications, interactions, classes and targets. */
  degree(drugId: string): number {
    const drug = this.drugsById.get(drugId);
    return drug === undefined ? 0 : drug.indications.length + drug.contraindications.length + drug.interactions.length + drug.classes.length + drug.targets.length;
  }

  /**
   * Drugs without any relation to a disease (nor to a wider or narrower one) whose number of edges is closest to that of its own drugs, so that
   * degree does not give them away. `random` gives numbers in [0, 1); the same numbers give the same drugs.
   */
  hardNegatives(diseaseId: string, random: () => number, count: number): Drug[] {
    const near = new Set([diseaseId, ...this.broader(diseaseId).keys(), ...this.narrower(diseaseId).keys()]);
    const related = (drug: Drug): boolean => drug.indications.some(({ disease }) => near.has(disease)) || drug.contraindications.some(({ condition }) => near.has(condition));
    const degrees = this.drugsFor(diseaseId, { includeNarrower: true }).map(({ drug }) => this.degree(drug.id)).sort((a, b) => a - b);
    const typical = degrees[Math.floor(degrees.length / 2)] ?? 6;
    return this.data.drugs.filter((drug) => drug.indications.length > 0 && !related(drug))
      .map((drug) => ({ drug, distance: Math.abs(this.degree(drug.id) - typical), tie: random() }))
      .sort((a, b) => a.distance - b.distance || a.tie - b.tie).slice(0, count).map(({ drug }) => drug);
  }

  /** Fewest steps that join a drug and a disease (or undefined when none do), for explanation. */
  path(drugId: string, diseaseId: string): readonly PathStep[] | undefined {
    return shortestPath(this.data, drugId, diseaseId);
  }

  private closure(start: string, next: (id: string) => readonly string[]): Map<string, number> {
    const found = new Map<string, number>([[start, 0]]);
    const queue = [start];
    for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
      for (const other of next(id)) if (!found.has(other)) { found.set(other, found.get(id)! + 1); queue.push(other); }
    }
    found.delete(start);
    return found;
  }
}

function append<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
