import type { EvidenceHit } from '../evidence/types';
import type { KnowledgeBase } from './knowledgeBase';
import type { QuestionNames } from './names';
import type { TargetDisease } from './question';

/** What is said of a disease with more narrower ones than this ("cancer") says ever less about each of them. */
const specific = 5;

/** The diseases of a question with their wider and narrower ones, and how close each is to what is asked: 1 for the disease itself. */
export class DiseaseScope {
  /** By target, then by disease. */
  private readonly closeness = new Map<string, Map<string, number>>();

  constructor(readonly targets: readonly TargetDisease[], { graph }: KnowledgeBase) {
    for (const { id, weight } of targets) {
      const near = new Map([[id, weight]]);
      for (const [wider, distance] of graph.broader(id)) { near.set(wider, weight * 0.7 ** distance * Math.min(1, specific / graph.narrower(wider).size)); }
      for (const [narrower, distance] of graph.narrower(id)) { near.set(narrower, weight * 0.6 ** distance); }
      this.closeness.set(id, near);
    }
  }

  /** How close the closest of some diseases is to the question, or to one of its diseases; 0 when none has to do with it. */
  ofAny(diseaseIds: Iterable<string>, targetId?: string): number {
    let best = 0;
    const targets = targetId === undefined ? [...this.closeness.values()] : [this.closeness.get(targetId)];
    for (const id of diseaseIds) { for (const near of targets) { best = Math.max(best, near?.get(id) ?? 0); } }
    return best;
  }
}

/** What a passage is about, by its tags where it has some, else by the names in it and in its title. */
export interface PassageTopics {
  readonly drugs: ReadonlySet<string>;
  readonly diseases: ReadonlySet<string>;
}

export function topicsOf({ header, passage }: Pick<EvidenceHit, 'header' | 'passage'>, names: QuestionNames): PassageTopics {
  const named = names.mentioned(passage.text);
  const titled = names.mentioned(header.title);
  return {
    // A title alone does not make a passage speak of a drug, except in documents tagged by an author.
    drugs: new Set([...named.drugs, ...(header.drugs ?? [])]),
    diseases: new Set([...named.diseases, ...titled.diseases, ...(header.diseases ?? [])]),
  };
}
