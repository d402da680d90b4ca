/** A logistic scorecard: what each piece of evidence adds to the log-odds. Learned by tools/grounding/train.ts. */
export interface Scorecard<Feature extends string> {
  readonly bias: number;
  readonly weights: Readonly<Record<Feature, number>>;
  /** Probability from which a claim is shown as weak. */
  readonly weak: number;
  /** Probability from which it is shown as unsupported. */
  readonly unsupported: number;
}

/** What the scorecard makes of the evidence, 0 to 1. */
export function probabilityOf<Feature extends string>({ bias, weights }: Scorecard<Feature>, evidence: Readonly<Record<Feature, number>>): number {
  const logOdds = (Object.keys(weights) as Feature[]).reduce((sum, feature) => sum + weights[feature] * evidence[feature], bias);
  return 1 / (1 + Math.exp(-logOdds));
}
