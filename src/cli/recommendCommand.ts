import { EngineError, type BackgroundCondition } from '../core/engine/types';
import { recommend } from '../core/recommend/pipeline';
import type { RecommendationResult } from '../core/recommend/types';
import { asUsageError, bundledEvidence, bundledKnowledge } from './bundle';
import { chooseEngine, type EngineFlags } from './engineFlags';
import { citedNotices } from './notices';
import { writeOut } from './output';
import { readCaseText } from './readCase';
import { resultText } from './resultText';
import { version } from './version';

export interface RecommendFlags extends EngineFlags {
  readonly condition: BackgroundCondition;
  readonly max: number;
  readonly candidates?: string;
  readonly disease?: string;
  readonly index?: readonly string[];
  readonly format: 'text' | 'json';
}

/** `kedrec recommend FILE`. Resolves to the exit code. */
export async function recommendCommand(file: string, flags: RecommendFlags): Promise<number> {
  const text = await readCaseText(file);
  const knowledge = await bundledKnowledge();
  const evidence = bundledEvidence(flags.index);
  const { engine, close } = await chooseEngine(flags, knowledge.terminology);
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort();
  process.once('SIGINT', interrupt);
  try {
    const candidates = flags.candidates?.split(';').map(name => name.trim()).filter(name => name !== '');
    const options = { condition: flags.condition, maxCandidates: flags.max, passagesPerCandidate: 3 };
    const result = await recommend({ text, disease: flags.disease, candidates }, { knowledge, evidence, engine, kedrecVersion: version }, options, () => undefined, interrupted.signal);
    await writeOut(flags.format === 'json' ? `${JSON.stringify(result, null, 2)}\n` : resultText(result));
    for (const notice of await citedNotices(result, evidence)) { process.stderr.write(`kedrec: ${notice}\n`); }
    return exitCode(result);
  } catch (error) {
    if (EngineError.is(error)) {
      process.stderr.write(`kedrec: ${error.message} ${error.advice}\n`);
      return EngineError.is(error, 'not-configured') ? 2 : 1;
    }
    throw asUsageError(error);
  } finally {
    process.removeListener('SIGINT', interrupt);
    close();
    await evidence.dispose();
  }
}

function exitCode({ nothing }: RecommendationResult): number {
  if (!nothing) { return 0; }
  process.stderr.write(`kedrec: ${nothing.reason} ${nothing.advice}\n`);
  return 1;
}
