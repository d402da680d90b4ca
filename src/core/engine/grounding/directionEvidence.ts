import { directionOf, opposes, reversed, type Direction } from './direction';
import { isTurned, type Finding } from './findings';

/** What speaks for and against the claim saying the opposite of its passage: named amounts, each about 0 to 1. */
export type DirectionEvidence = Readonly<Record<DirectionFeature, number>>;

/** How two findings relate. */
type Relation = 'agrees' | 'polarity' | 'amount' | 'claimNone' | 'foundNone' | 'open';

export const directionFeatures = [
  'alignedPolarity', 'alignedAmount', 'alignedClaimNone', 'alignedFoundNone', 'loosePolarity', 'looseAmount', 'looseClaimNone', 'looseFoundNone',
  'agreesLeast', 'agreesAnywhere', 'opposedMost', 'turned', 'straight', 'claimSilent', 'passageSilent', 'noneOnlyInClaim', 'noneOnlyInPassage', 'wholeOpposed', 'wholeAgrees', 'overlap', 'passageMixed', 'several',
] as const;
export type DirectionFeature = (typeof directionFeatures)[number];

/** Compares what the claim finds with what each sentence of the passage finds, the sentence most like the claim first. */
export function directionEvidence(claimText: string, claim: readonly Finding[], passage: readonly (readonly Finding[])[], bestText: string, overlap: number): DirectionEvidence {
  const all = passage.flatMap((findings, rank) => findings.map((found) => ({ found, rank })));
  const evidence: Record<DirectionFeature, number> = Object.fromEntries(directionFeatures.map((name) => [name, 0])) as Record<DirectionFeature, number>;
  const raise = (name: DirectionFeature, amount: number): void => { evidence[name] = Math.max(evidence[name], amount); };
  const frequency = new Map<string, number>();
  for (const { found } of all) { for (const stem of found.about) { frequency.set(stem, (frequency.get(stem) ?? 0) + 1); } }
  evidence.agreesLeast = claim.length > 0 && all.length > 0 ? 1 : 0;
  for (const said of claim) {
    if (all.length === 0) { break; }
    const strengths = all.map(({ found, rank }) => alignment(said, found, frequency) + (rank === 0 ? 0.3 : 0));
    const most = Math.max(...strengths);
    const shares = strengths.map((strength) => Math.exp(4 * (strength - most)));
    const total = shares.reduce((sum, share) => sum + share, 0);
    const aligned = most >= 0.9;
    const sums: Record<Relation, number> = { agrees: 0, polarity: 0, amount: 0, claimNone: 0, foundNone: 0, open: 0 };
    all.forEach(({ found }, i) => {
      const turned = isTurned(said.sides, found.sides);
      const share = (shares[i] ?? 0) / total;
      const relation = relationOf(said.direction, turned ? reversed(found.direction) : found.direction);
      sums[relation] += share;
      if (turned && relation !== 'agrees' && relation !== 'open') { raise('turned', share); }
      if (!turned && said.sides.compared.size > 0 && found.sides.compared.size > 0 && relation === 'agrees') { raise('straight', share); }
      if (relation === 'agrees') { raise('agreesAnywhere', 1); }
    });
    raise(aligned ? 'alignedPolarity' : 'loosePolarity', sums.polarity);
    raise(aligned ? 'alignedAmount' : 'looseAmount', sums.amount);
    raise(aligned ? 'alignedClaimNone' : 'looseClaimNone', sums.claimNone);
    raise(aligned ? 'alignedFoundNone' : 'looseFoundNone', sums.foundNone);
    evidence.agreesLeast = Math.min(evidence.agreesLeast, sums.agrees);
    raise('opposedMost', sums.polarity + sums.amount + sums.claimNone + sums.foundNone);
  }
  const whole = directionOf(claimText);
  const best = directionOf(bestText);
  const relation = relationOf(whole, best);
  evidence.claimSilent = claim.length === 0 ? 1 : 0;
  evidence.passageSilent = all.length === 0 ? 1 : 0;
  evidence.noneOnlyInClaim = whole.none && !all.some(({ found }) => found.direction.none) ? 1 : 0;
  evidence.noneOnlyInPassage = !claim.some(({ direction }) => direction.none) && all.length > 0 && all.every(({ found }) => found.direction.none) ? 1 : 0;
  evidence.wholeOpposed = relation === 'agrees' || relation === 'open' ? 0 : 1;
  evidence.wholeAgrees = relation === 'agrees' ? 1 : 0;
  evidence.overlap = overlap;
  evidence.passageMixed = all.some(({ found }) => found.direction.benefit) && all.some(({ found }) => found.direction.harm || found.direction.none) ? 1 : 0;
  evidence.several = claim.length > 1 ? 1 : 0;
  return evidence;
}

/** How surely two findings are about the same: shared outcomes, those that only one finding of the passage has above all. */
function alignment(said: Finding, found: Finding, frequency: ReadonlyMap<string, number>): number {
  const shared = [...said.about].filter((stem) => found.about.has(stem));
  const context = [...said.context].filter((stem) => found.context.has(stem)).length;
  return shared.reduce((sum, stem) => sum + ((frequency.get(stem) ?? 1) > 1 ? 0.5 : 1) * (said.core.has(stem) && found.core.has(stem) ? 1 : 0.6), 0) + Math.min(context, 5) * 0.05;
}

function relationOf(said: Direction, found: Direction): Relation {
  const effect = (direction: Direction): boolean => direction.benefit || direction.harm || direction.up || direction.down;
  if (!opposes(said, found)) {
    const common = (said.none && found.none) || (said.benefit && found.benefit) || (said.harm && found.harm) || (said.up && found.up) || (said.down && found.down);
    return common ? 'agrees' : 'open';
  }
  if (said.none !== found.none) { return said.none && !effect(said) ? 'claimNone' : 'foundNone'; }
  return (said.benefit || said.harm) && (found.benefit || found.harm) ? 'polarity' : 'amount';
}
