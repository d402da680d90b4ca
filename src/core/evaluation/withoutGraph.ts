import { KnowledgeGraph } from '../knowledge/graph';
import type { KnowledgeBase } from '../recommend/knowledgeBase';

/** The same names, ids, classes and disease hierarchy, but no edge between drugs and diseases: what remains to decide by is evidence. */
export function withoutGraph({ terminology, graph }: KnowledgeBase): KnowledgeBase {
  const drugs = graph.data.drugs.map(drug => ({ ...drug, indications: [], contraindications: [], interactions: [] }));
  return { terminology, graph: new KnowledgeGraph({ ...graph.data, drugs }) };
}
