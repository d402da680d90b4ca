import { isoDate } from './dates';
import type { JsonObject } from './jsonRecords';
import { labelDocument } from './labelDocument';
import { textIn, textsIn } from './trialsJson';
import type { CorpusRecord } from './types';

// Members of an openFDA label that carry text for prescribing, in the order of a label.
const SECTIONS: readonly (readonly [string, string])[] = [
  ['boxed_warning', 'Boxed warning'], ['indications_and_usage', 'Indications and usage'], ['dosage_and_administration', 'Dosage and administration'], ['contraindications', 'Contraindications'],
  ['warnings_and_cautions', 'Warnings and precautions'], ['warnings', 'Warnings'], ['precautions', 'Precautions'], ['do_not_use', 'Do not use'], ['ask_doctor', 'Ask a doctor'],
  ['ask_doctor_or_pharmacist', 'Ask a doctor or pharmacist'], ['stop_use', 'Stop use'], ['adverse_reactions', 'Adverse reactions'], ['drug_interactions', 'Drug interactions'],
  ['use_in_specific_populations', 'Use in specific populations'], ['pregnancy', 'Pregnancy'], ['nursing_mothers', 'Nursing mothers'], ['lactation', 'Lactation'], ['pediatric_use', 'Paediatric use'],
  ['geriatric_use', 'Geriatric use'], ['overdosage', 'Overdosage'], ['mechanism_of_action', 'Mechanism of action'], ['clinical_studies', 'Clinical studies'],
];

/** A result of the openFDA drug label service. */
export function isFdaLabel(value: JsonObject): boolean {
  return typeof value['set_id'] === 'string' && ('openfda' in value || SECTIONS.some(([key]) => key in value));
}

/** Throws Error with the reason for a label without names or text. */
export function fdaLabelRecord(value: JsonObject): CorpusRecord {
  const effective = isoDate(textIn(value, 'effective_time'));
  const names = (key: string): string[] => textsIn(value, 'openfda', key);
  const document = labelDocument({
    setId: textIn(value, 'set_id')!,
    brands: names('brand_name'),
    generics: names('generic_name').length > 0 ? names('generic_name') : names('substance_name'),
    manufacturer: names('manufacturer_name')[0],
    type: names('product_type')[0],
    routes: names('route'),
    effective,
    labelVersion: textIn(value, 'version'),
    sections: SECTIONS.map(([key, label]) => ({ label, paragraphs: textsIn(value, key) })),
  });
  return { format: 'openfda-label', document, version: effective };
}
