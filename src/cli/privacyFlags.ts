import type { Command } from 'commander';
import { deidentifying } from '../core/engine/deidentifiedEngine';
import { isThisMachine } from '../core/engine/endpoint/thisMachine';
import type { RecommendContext } from '../core/recommend/pipeline';
import { terminologyGuard } from '../core/terminology/guard';
import type { Terminology } from '../core/terminology/terminology';
import { UsageError } from './errors';

/** What decides whether an engine gets to see identifiers. */
export interface PrivacyFlags {
  readonly deidentify?: boolean;
  readonly sendAsIs?: boolean;
}

/** Adds the options of PrivacyFlags to a command. */
export function addPrivacyFlags(command: Command): Command {
  return command
    .option('--deidentify', 'replace names, dates, numbers and the like before asking, also on this machine (default for every other host)')
    .option('--send-as-is', 'send the text as it is to a host that is not this machine');
}

/** The engine as it may be asked: de-identified for hosts that are not this machine, unless the flags say otherwise. Throws UsageError for flags that contradict each other. */
export function withPrivacy(make: RecommendContext['engine'], baseUrl: string | undefined, { deidentify, sendAsIs }: PrivacyFlags, terminology: Terminology): RecommendContext['engine'] {
  if (deidentify && sendAsIs) { throw new UsageError('--deidentify and --send-as-is exclude each other.'); }
  const isRemote = baseUrl !== undefined && !isThisMachine(baseUrl);
  if (!(deidentify ?? (isRemote && !sendAsIs))) { return make; }
  const guard = terminologyGuard(terminology);
  return names => deidentifying(make(names), guard);
}
