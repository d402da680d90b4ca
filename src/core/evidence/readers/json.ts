import { basename } from 'node:path';
import { europePmcRecord, isEuropePmc } from './europePmc';
import { fdaLabelRecord, isFdaLabel } from './fdaLabel';
import { jsonRecords } from './jsonRecords';
import type { JsonObject, JsonRecord } from './jsonRecords';
import { guessMapping, mappedDocument } from './mapped';
import { at, isTrial, trialFromJson } from './trialsJson';
import { asNewTrial, isOldTrial } from './trialsJsonV1';
import { UnreadableFileError } from './types';
import type { CorpusReader, CorpusRecord, FieldMapping } from './types';

/** Kinds of records known by their keys, the most telling first. */
const KINDS: readonly { readonly is: (value: JsonObject) => boolean; readonly read: (value: JsonObject) => CorpusRecord }[] = [
  { is: isTrial, read: trialFromJson },
  { is: isOldTrial, read: value => trialFromJson(asNewTrial(value)) },
  { is: isFdaLabel, read: fdaLabelRecord },
  { is: isEuropePmc, read: europePmcRecord },
];

// After so many records without any that is known, the file is none of ours.
const PATIENCE = 5;

/** JSON and JSON Lines: each record is recognised by its keys. */
export const jsonReader: CorpusReader = {
  name: 'JSON',
  recognises: ({ head }) => /^\s*[{[]/.test(head),
  async *read(input) {
    let [known, unknown] = [0, 0];
    for await (const record of jsonRecords(input)) {
      const read = converter(record, input.mapping, `${basename(input.file)}:${record.position.record}`);
      if (read === undefined) {
        unknown++;
        if (known === 0 && unknown >= PATIENCE) break;
        if (known > 0) input.problem(record.position, 'none of the known kinds of records');
        continue;
      }
      known++;
      try { yield read(); } catch (error) { input.problem(record.position, error instanceof Error ? error.message : 'not a record'); }
    }
    if (known === 0 && unknown > 0) throw new UnreadableFileError('its JSON is none of the known kinds of records, and no id and text can be guessed from its keys; give a field mapping');
  },
};

function converter({ value, key }: JsonRecord, mapping: FieldMapping | undefined, fallbackId: string): (() => CorpusRecord) | undefined {
  if (mapping !== undefined) {
    const get = (name: string): unknown => (name === '@key' ? key : name in value ? value[name] : at(value, ...name.split('.')));
    return () => ({ format: 'mapped-json', document: mappedDocument(get, mapping, fallbackId) });
  }
  const kind = KINDS.find(({ is }) => is(value));
  if (kind !== undefined) return () => kind.read(value);
  const isBeir = typeof value['_id'] === 'string' && typeof value['text'] === 'string';
  // The queries of a BEIR set look like its documents but for the title.
  if (isBeir && !('title' in value)) return undefined;
  const guessed = guessMapping(Object.keys(value));
  if (guessed === undefined) return undefined;
  return () => ({ format: isBeir ? 'beir' : 'mapped-json', document: mappedDocument(name => value[name], guessed, fallbackId) });
}
