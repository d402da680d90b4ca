import type { KnowledgeData } from '../terminology/types';
import { KnowledgeError } from './errors';

const ADVICE = 'The file is damaged or of another version: reinstall the extension or rebuild the bundle (npm run build).';
const LISTS: Readonly<Record<'diseases' | 'classes' | 'drugs', readonly string[]>> = {
  diseases: ['synonyms', 'abbreviations', 'broader'],
  classes: ['synonyms', 'abbreviations', 'crossReactive', 'partOf'],
  drugs: ['synonyms', 'abbreviations', 'brands', 'classes', 'targets', 'indications', 'contraindications', 'interactions'],
};

/** Reads `knowledge.json`. Throws KnowledgeError when it is not JSON of the expected shape. */
export function loadKnowledge(json: string | Uint8Array): KnowledgeData {
  let data: unknown;
  try {
    data = JSON.parse(typeof json === 'string' ? json : new TextDecoder('utf-8', { fatal: true }).decode(json));
  } catch (error) {
    throw new KnowledgeError(`The knowledge file is not readable JSON. ${ADVICE}`, { cause: error });
  }
  if (!isRecord(data) || typeof data['version'] !== 'string') throw new KnowledgeError(`The knowledge file has no version. ${ADVICE}`);
  for (const [name, lists] of Object.entries(LISTS)) {
    const concepts = data[name];
    if (!Array.isArray(concepts)) throw new KnowledgeError(`The knowledge file has no list "${name}". ${ADVICE}`);
    concepts.forEach((concept: unknown, index) => {
      if (!isRecord(concept) || typeof concept['id'] !== 'string' || typeof concept['name'] !== 'string') throw new KnowledgeError(`${name}[${index}] of the knowledge file has no id or name. ${ADVICE}`);
      for (const list of lists) if (!Array.isArray(concept[list])) throw new KnowledgeError(`${name}[${index}] ("${concept['id']}") of the knowledge file has no list "${list}". ${ADVICE}`);
    });
  }
  return data as unknown as KnowledgeData;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
