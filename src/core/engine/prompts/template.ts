/** A versioned prompt. `{{name}}` marks where a part of the request goes; the version changes whenever a word does. */
export interface PromptTemplate {
  /** "recommend.v2", or "user:" and the first 8 digits of the file's SHA-256. */
  readonly version: string;
  readonly system: string;
  readonly user: string;
}

/** What a template may name, and what is put there. */
export const templateFields = {
  caseText: 'the text of the case',
  diseases: 'diseases found in the case, each with its assertion',
  drugs: 'drugs named in the case',
  allergies: 'allergies and intolerances of the case',
  candidates: 'the candidates, one list item each, with why they are named and their safety flags',
  evidence: 'the passages, each between <passage> tags with its label',
  candidateCount: 'how many candidates there are',
  mark: 'the mark that the tags of this request carry',
} as const;
export type TemplateField = keyof typeof templateFields;

/** Without these no answer can be right. */
export const requiredFields: readonly TemplateField[] = ['caseText', 'candidates', 'evidence'];

/** A placeholder; its first group is the name. */
export const placeholder = /\{\{\s*([\w.-]*)\s*\}\}/g;

/** True when a template's tags carry the mark of the request. */
export function isMarked(template: PromptTemplate): boolean {
  return [...template.user.matchAll(placeholder)].some((match) => match[1] === 'mark');
}

/** Fills a template in one pass, so that a placeholder written in a case is not filled in turn. */
export function fillTemplate(text: string, values: Readonly<Record<TemplateField, string>>): string {
  const byName = new Map<string, string>(Object.entries(values));
  return text.replace(placeholder, (all, name: string) => byName.get(name) ?? all);
}
