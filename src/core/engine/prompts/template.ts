/** A versioned prompt. `{{name}}` marks where a part of the request goes; the version changes whenever a word does. */
export interface PromptTemplate {
  readonly version: string;
  readonly system: string;
  readonly user: string;
}

/** What a template's `user` part may name. */
export const templateFields = ['caseText', 'diseases', 'drugs', 'allergies', 'candidates', 'evidence', 'candidateCount'] as const;
export type TemplateField = (typeof templateFields)[number];

const required: readonly TemplateField[] = ['caseText', 'candidates', 'evidence'];
const placeholder = /\{\{(\w+)\}\}/g;

/** What is wrong with a template, for people; empty when it can be used. */
export function templateProblems(template: PromptTemplate): string[] {
  const named = [...template.user.matchAll(placeholder)].map((match) => match[1] ?? '');
  const known = new Set<string>(templateFields);
  return [
    ...named.filter((name) => !known.has(name)).map((name) => `{{${name}}} is not known; use ${templateFields.join(', ')}`),
    ...required.filter((name) => !named.includes(name)).map((name) => `{{${name}}} is missing`),
  ];
}

/** Fills a template in one pass, so that a placeholder written in a case is not filled in turn. */
export function fillTemplate(text: string, values: Readonly<Record<TemplateField, string>>): string {
  const byName = new Map<string, string>(Object.entries(values));
  return text.replace(placeholder, (all, name: string) => byName.get(name) ?? all);
}
