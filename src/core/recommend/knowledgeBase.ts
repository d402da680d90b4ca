import { KnowledgeGraph } from '../knowledge/graph';
import { loadKnowledge } from '../knowledge/load';
import { Terminology } from '../terminology/terminology';

/** Terminology and graph over the same data. */
export interface KnowledgeBase {
  readonly terminology: Terminology;
  readonly graph: KnowledgeGraph;
}

/** Reads `knowledge.json`. Throws KnowledgeError. */
export function openKnowledge(json: string | Uint8Array): KnowledgeBase {
  const data = loadKnowledge(json);
  return { terminology: new Terminology(data), graph: new KnowledgeGraph(data) };
}
