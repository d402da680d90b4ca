import { createHash } from 'node:crypto';
import { EngineError } from '../types';
import { placeholder, requiredFields, templateFields, type PromptTemplate, type TemplateField } from './template';

/** What is wrong with a template, and where. Lines and columns count from 1. */
export interface TemplateProblem {
  readonly line: number;
  readonly column: number;
  /** Characters that it is about, on that line. */
  readonly length: number;
  readonly message: string;
}

/** A template that can be used, or what keeps it from being one. */
export interface ParsedTemplate {
  readonly template?: PromptTemplate;
  readonly problems: readonly TemplateProblem[];
}

const marker = /^<!--\s*kedrec:(prompt|system|user)(?:\s+(\S+))?\s*-->\s*$/;
/** More than any instruction needs, and far less than any context has. */
const longest = 100_000;

/**
 * Reads a prompt file: Markdown in which a line `<!-- kedrec:system -->` starts the system message and `<!-- kedrec:user -->` the user's message.
 * `<!-- kedrec:prompt NAME -->` names the version; a file without it is named by its content. Placeholders stand in the user's message.
 */
export function parseTemplate(source: string): ParsedTemplate {
  const text = source.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  const problems: TemplateProblem[] = [];
  const parts: { system?: string[]; user?: string[] } = {};
  let version: string | undefined;
  let current: string[] | undefined;
  text.split('\n').forEach((line, index) => {
    const found = marker.exec(line);
    const problem = (message: string): number => problems.push({ line: index + 1, column: 1, length: line.length, message });
    const [, name, value] = found ?? [];
    if (name === 'prompt') {
      version = value;
      if (!value) { problem('a name is missing, as in <!-- kedrec:prompt my-prompt.v1 -->'); }
    } else if (name === 'system' || name === 'user') {
      if (parts[name]) { problem(`the ${name} message starts a second time`); }
      parts[name] ??= current = [];
    } else if (/^<!--\s*kedrec:/.test(line)) {
      problem('not known; the lines are <!-- kedrec:prompt NAME -->, <!-- kedrec:system --> and <!-- kedrec:user -->');
    } else if (current) {
      current.push(line);
    } else if (line.trim() !== '' && !line.startsWith('<!--')) {
      problem('text before <!-- kedrec:system --> belongs to no message');
    }
  });
  problems.push(...placeholderProblems(text));
  const first = (message: string): number => problems.push({ line: 1, column: 1, length: 1, message });
  if (text.length > longest) { first(`the file has ${text.length} characters; ${longest} are the most`); }
  if (!parts.user) { first('the line <!-- kedrec:user --> is missing: it starts the message with the case'); }
  const system = joined(parts.system);
  const user = joined(parts.user);
  if (parts.user) {
    const named = new Set([...user.matchAll(placeholder)].map((match) => match[1]));
    for (const name of requiredFields.filter((field) => !named.has(field))) { first(`{{${name}}} is missing in the user message: it stands for ${templateFields[name]}`); }
  }
  if (problems.length > 0) {
    return { problems: problems.slice(0, 20) };
  }
  return { template: { version: version ?? userVersion(text), system, user }, problems };
}

/** Reads a user's prompt file. Throws EngineError `not-configured` that names file, line and column. Its version is its content, whatever name it gives itself. */
export function readUserTemplate(path: string, source: string): PromptTemplate {
  const { template, problems } = parseTemplate(source);
  const [first] = problems;
  if (!template || first) {
    const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
    throw new EngineError('not-configured', `The prompt ${path}:${first?.line ?? 1}:${first?.column ?? 1} cannot be used: ${first?.message ?? 'it is empty'}${more}.`,
      'Correct the file, or empty kedrec.prompt.template to use the prompt that comes with KEDRec.');
  }
  return { ...template, version: userVersion(source.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n')) };
}

function userVersion(text: string): string {
  return `user:${createHash('sha256').update(text).digest('hex').slice(0, 8)}`;
}

function placeholderProblems(text: string): TemplateProblem[] {
  const known = (name: string | undefined): name is TemplateField => name !== undefined && Object.hasOwn(templateFields, name);
  const userFrom = text.search(/^<!--\s*kedrec:user\b/m);
  return [...text.matchAll(placeholder)].flatMap((match) => {
    const before = text.slice(0, match.index);
    const place = { line: before.split('\n').length, column: match.index - before.lastIndexOf('\n'), length: match[0].length };
    if (!known(match[1])) {
      return [{ ...place, message: `${match[0]} is not known; there are ${Object.keys(templateFields).join(', ')}` }];
    }
    return match.index < userFrom ? [{ ...place, message: `${match[0]} stands in the system message: data belongs into the user message` }] : [];
  });
}

function joined(lines: readonly string[] | undefined): string {
  return (lines ?? []).join('\n').trim();
}
