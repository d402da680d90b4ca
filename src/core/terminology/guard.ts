import type { Guard } from '../text/deidentify/types';
import type { Terminology } from './terminology';

/** Drugs, classes and diseases that the terminology knows are no identifiers. */
export function terminologyGuard(terminology: Terminology): Guard {
  return (text) => terminology.find(text).map(({ span }) => span);
}
