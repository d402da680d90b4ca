import type { KnowledgeData } from '../terminology/types';

/** One edge of a path, read from left to right: "metformin" "is used for" "type 2 diabetes mellitus". */
export interface PathStep {
  /** Slugs, or gene symbols for targets. */
  readonly from: string;
  readonly relation: 'is used for' | 'is a' | 'has member' | 'is a kind of' | 'includes' | 'is treated by' | 'acts on' | 'is the target of' | 'is part of' | 'has part';
  readonly to: string;
}

type Edges = Map<string, PathStep[]>;
const cache = new WeakMap<KnowledgeData, Edges>();

/** Fewest edges from a drug to a disease over indications, disease hierarchy, classes and shared targets; undefined when nothing joins them. */
export function shortestPath(data: KnowledgeData, drugId: string, diseaseId: string): readonly PathStep[] | undefined {
  let edges = cache.get(data);
  if (edges === undefined) cache.set(data, edges = buildEdges(data));
  const cameBy = new Map<string, PathStep | undefined>([[node('drug', drugId), undefined]]);
  const queue = [node('drug', drugId)];
  const goal = node('disease', diseaseId);
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    if (at === goal) return trace(cameBy, goal);
    for (const step of edges.get(at) ?? []) if (!cameBy.has(step.to)) { cameBy.set(step.to, step); queue.push(step.to); }
  }
  return undefined;
}

function trace(cameBy: ReadonlyMap<string, PathStep | undefined>, goal: string): PathStep[] {
  const steps: PathStep[] = [];
  for (let step = cameBy.get(goal); step !== undefined; step = cameBy.get(step.from)) steps.unshift(step);
  return steps.map(({ from, relation, to }) => ({ from: plain(from), relation, to: plain(to) }));
}

// Slugs of drugs and diseases share one alphabet, so nodes carry their kind.
const node = (kind: 'drug' | 'disease' | 'class' | 'gene', id: string): string => `${kind}:${id}`;
const plain = (name: string): string => name.slice(name.indexOf(':') + 1);

function buildEdges(data: KnowledgeData): Edges {
  const edges: Edges = new Map();
  const add = (from: string, relation: PathStep['relation'], to: string, back: PathStep['relation']): void => {
    for (const step of [{ from, relation, to }, { from: to, relation: back, to: from }]) edges.set(step.from, [...(edges.get(step.from) ?? []), step]);
  };
  for (const drug of data.drugs) {
    for (const { disease } of drug.indications) add(node('drug', drug.id), 'is used for', node('disease', disease), 'is treated by');
    for (const slug of drug.classes) add(node('drug', drug.id), 'is a', node('class', slug), 'has member');
    for (const gene of drug.targets) add(node('drug', drug.id), 'acts on', node('gene', gene), 'is the target of');
  }
  for (const { id, broader } of data.diseases) for (const wider of broader) add(node('disease', id), 'is a kind of', node('disease', wider), 'includes');
  for (const { id, partOf } of data.classes) for (const wider of partOf) add(node('class', id), 'is part of', node('class', wider), 'has part');
  return edges;
}
