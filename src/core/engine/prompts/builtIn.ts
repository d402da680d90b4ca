import { parseTemplate } from './parseTemplate';
import type { PromptTemplate } from './template';
import { templateSource } from './templates/source';

/** Prompts that come with KEDRec, by version, newest first. A version never changes: a changed word is a new file. */
export const builtInVersions = ['recommend.v2', 'recommend.v1'] as const;
export type BuiltInVersion = (typeof builtInVersions)[number];

const parsed = new Map<BuiltInVersion, PromptTemplate>();

/** A prompt that comes with KEDRec; the newest unless a version is named. */
export function builtInTemplate(version: BuiltInVersion = builtInVersions[0]): PromptTemplate {
  const known = parsed.get(version);
  if (known) {
    return known;
  }
  const { template, problems } = parseTemplate(templateSource(version.replace('.', '-')));
  if (!template) {
    throw new Error(`prompt ${version}: ${problems.map(({ line, message }) => `line ${line}: ${message}`).join('; ')}`);
  }
  parsed.set(version, template);
  return template;
}

/** Narrows a text to the version of a prompt that comes with KEDRec. */
export function isBuiltInVersion(text: string): text is BuiltInVersion {
  return builtInVersions.some((version) => version === text);
}
