import { isObject } from './jsonRecords';
import type { JsonObject } from './jsonRecords';

// The retired API v1 ("full studies") wraps lists and repeats the parent's name in each key. Saved answers of it are still about.
const PREFIXES = ['Org', 'Design', 'Enrollment', 'Intervention', 'ArmGroup', 'PrimaryOutcome', 'LeadSponsor', 'StartDate', 'CompletionDate', 'PrimaryCompletionDate', 'LastUpdatePostDate'];

/** A study of the API v1 (`Study.ProtocolSection`, or that alone). */
export function isOldTrial(value: JsonObject): boolean {
  return isObject(value['ProtocolSection']) || isObject(value['Study']) && isObject(value['Study']['ProtocolSection']);
}

/** The protocol of an API v1 study in the shape of the API v2; posted results are left out. */
export function asNewTrial(value: JsonObject): JsonObject {
  const study = isObject(value['Study']) ? value['Study'] : value;
  return { protocolSection: renamed(study['ProtocolSection'], '') };
}

function renamed(value: unknown, parent: string): unknown {
  if (Array.isArray(value)) return value.map(item => renamed(item, parent));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => {
    if (key.endsWith('List') && isObject(inner)) {
      const [name, items] = Object.entries(inner)[0] ?? [key, []];
      return [newName(plural(name), parent), renamed(items, name)];
    }
    return [newName(key, parent), renamed(inner, key.replace(/(Struct|Info)$/, ''))];
  }));
}

function newName(key: string, parent: string): string {
  if (key === 'NCTId') return 'nctId';
  if (key === parent && key.endsWith('Date')) return 'date';
  const prefix = PREFIXES.find(candidate => candidate === parent && key.startsWith(candidate) && key.length > candidate.length)
    ?? (/^Design(?!Module)/.test(parent) && key.startsWith('Design') ? 'Design' : '');
  const name = key.slice(prefix.length);
  return name[0]!.toLowerCase() + name.slice(1);
}

function plural(name: string): string {
  return name.endsWith('s') ? name : `${name}s`;
}
