import { readFile } from 'node:fs/promises';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { createEvidenceEngine } from '../core/engine/evidenceEngine';
import type { RecommendContext } from '../core/recommend/pipeline';
import type { Terminology } from '../core/terminology/terminology';
import { UsageError } from './errors';
import { addPrivacyFlags, withPrivacy, type PrivacyFlags } from './privacyFlags';

/** What chooses and sets up an engine, as the commands take it. */
export interface EngineFlags extends PrivacyFlags {
  readonly engine: 'evidence' | 'endpoint';
  readonly baseUrl?: string;
  readonly model?: string;
  readonly contextTokens?: number;
  readonly maxTokens?: number;
  readonly header?: Readonly<Record<string, string>>;
  readonly ca?: string;
  readonly insecure?: boolean;
}

/** An engine, and what ends its connections. */
export interface ChosenEngine {
  readonly engine: RecommendContext['engine'];
  readonly close: () => void;
}

/** Adds the options of EngineFlags to a command. */
export function addEngineFlags(command: Command): Command {
  const all = command
    .addOption(new Option('--engine <engine>', 'what answers').choices(['evidence', 'endpoint']).default('evidence'))
    .option('--base-url <url>', 'OpenAI-compatible endpoint, such as http://localhost:8000/v1')
    .option('--model <name>', 'model of the endpoint (default: the first it lists)')
    .option('--context-tokens <n>', 'size of the model\'s context in tokens, where the server does not say it', wholeNumber(256, 100_000_000))
    .option('--max-tokens <n>', 'tokens of an answer at most (default: by the number of candidates)', wholeNumber(16, 10_000_000))
    .option('--header <line>', 'header to send with every request, as "Name: value"; may be given several times', header)
    .option('--ca <file>', 'PEM file of a certificate authority to trust beside the usual ones')
    .option('--insecure', 'accept a certificate that nobody vouches for');
  return addPrivacyFlags(all);
}

/** The engine that the flags name, de-identified where it must be; the endpoint's key is in KEDREC_API_KEY. Throws UsageError. */
export async function chooseEngine(flags: EngineFlags, terminology: Terminology): Promise<ChosenEngine> {
  if (flags.engine === 'evidence') {
    const given = ([['--base-url', flags.baseUrl], ['--model', flags.model], ['--context-tokens', flags.contextTokens], ['--max-tokens', flags.maxTokens], ['--header', flags.header], ['--ca', flags.ca], ['--insecure', flags.insecure]] as const)
      .filter(([, value]) => value !== undefined).map(([name]) => name);
    if (given.length > 0) { throw new UsageError(`${given.join(', ')} ${given.length === 1 ? 'goes' : 'go'} with --engine endpoint.`); }
    return { engine: withPrivacy(createEvidenceEngine, undefined, flags, terminology), close: () => undefined };
  }
  if (!flags.baseUrl) { throw new UsageError('--engine endpoint needs --base-url, such as http://localhost:8000/v1.'); }
  const { createEndpointEngine, defaultTimeouts, proxyFromEnvironment } = await import('../core/engine/endpointEntry');
  const { baseUrl, model, contextTokens, maxTokens, header: headers, insecure } = flags;
  const ca = flags.ca === undefined ? undefined : await readCertificates(flags.ca);
  const engine = createEndpointEngine({
    baseUrl, model, contextTokens, maxTokens, headers, ca, allowSelfSigned: insecure, apiKey: process.env.KEDREC_API_KEY, proxy: proxyFromEnvironment(process.env), timeouts: defaultTimeouts,
  });
  return { engine: withPrivacy(() => engine, baseUrl, flags, terminology), close: () => engine.dispose() };
}

async function readCertificates(file: string): Promise<string> {
  let text: string;
  try { text = await readFile(file, 'utf8'); } catch (error) { throw new UsageError(`${file} cannot be read (${(error as NodeJS.ErrnoException).code}).`, { cause: error }); }
  if (!text.includes('-----BEGIN CERTIFICATE-----')) { throw new UsageError(`${file} holds no certificate in PEM form (-----BEGIN CERTIFICATE-----).`); }
  return text;
}

/** A parser of whole numbers for options. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return text => {
    const value = Number(text);
    if (!/^\d+$/.test(text.trim()) || value < least || value > most) { throw new InvalidArgumentError(`a whole number from ${least} to ${most} is needed.`); }
    return value;
  };
}

function header(line: string, before: Readonly<Record<string, string>> = {}): Record<string, string> {
  const found = /^\s*([\w!#$%&'*+.^`|~-]+)\s*:\s*(.*?)\s*$/.exec(line);
  if (!found) { throw new InvalidArgumentError('write it as "Name: value".'); }
  return { ...before, [found[1]!]: found[2]! };
}
