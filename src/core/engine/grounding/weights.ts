// Written by tools/grounding/train.ts out of the labelled claims in test/data/grounding; do not edit by hand.
import type { elsewhereFeatures } from './contentEvidence';
import type { DirectionFeature } from './directionEvidence';
import type { Scorecard } from './scorecard';

/** Is the claim about something that the passage does not say? */
export const elsewhereModel: Scorecard<(typeof elsewhereFeatures)[number]> = {
  bias: -0.692, weak: 0.817, unsupported: 0.85,
  weights: {
    missedByBest: 1,
    missedByPassage: 1.503,
    noneByBest: 0.102,
    noneByPassage: 0.712,
    noOutcome: 0.157,
    sharedOutcome: -0.78,
    outcomesMissed: 2.146,
    fewWords: -1.838,
    namesTogether: -3.456,
    wordsTogether: -1.367,
    agrees: 0.256,
    direction: 0.152,
  },
};

/** Does the passage say the opposite? */
export const oppositeModel: Scorecard<DirectionFeature> = {
  bias: -1.104, weak: 0.707, unsupported: 0.85,
  weights: {
    alignedPolarity: 1.11,
    alignedAmount: 0.581,
    alignedClaimNone: 0.613,
    alignedFoundNone: 0.919,
    loosePolarity: -0.362,
    looseAmount: 0.129,
    looseClaimNone: -0.558,
    looseFoundNone: -0.24,
    agreesLeast: -1.262,
    agreesAnywhere: -1.279,
    opposedMost: 2.768,
    turned: 0.639,
    straight: -0.679,
    claimSilent: -1.181,
    passageSilent: 0.412,
    noneOnlyInClaim: 0.926,
    noneOnlyInPassage: -0.174,
    wholeOpposed: 0.534,
    wholeAgrees: -0.959,
    overlap: 0.963,
    passageMixed: 0.526,
    several: -1.614,
  },
};
