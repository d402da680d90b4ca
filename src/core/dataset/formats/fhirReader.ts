import type { RecordProblem } from '../recordTypes';
import { checkedRecord, unreadable } from './commonChecks';
import { FhirPatient, type Resource } from './fhirPatient';
import { recordProblem, type Reading } from './reader';
import type { Piece } from './types';

const usedTypes = new Set(['Patient', 'Condition', 'MedicationRequest', 'MedicationStatement', 'AllergyIntolerance', 'Medication', 'DocumentReference', 'Observation']);

/** Collects the entries of a FHIR R4 Bundle and composes one record a patient: entries of a patient may stand anywhere in it. */
export class FhirReader {
  private readonly patients = new Map<string, { readonly patient: FhirPatient; place: Piece }>();
  private readonly medications = new Map<string, string>();

  /** Takes an item of `entry`; gives what is wrong with it. */
  add(piece: Piece): readonly RecordProblem[] {
    const broken = unreadable(piece);
    if (broken) { return [broken]; }
    let entry: { fullUrl?: unknown; resource?: Resource };
    try { entry = JSON.parse(piece.text) as typeof entry; } catch { return [recordProblem(piece, `the entry at line ${piece.line} is not valid JSON`)]; }
    const resource = entry?.resource;
    if (typeof resource !== 'object' || resource === null || typeof resource.resourceType !== 'string') { return [recordProblem(piece, `the entry at line ${piece.line} holds no FHIR resource`)]; }
    if (!usedTypes.has(resource.resourceType)) { return []; }
    const url = typeof entry.fullUrl === 'string' ? entry.fullUrl : undefined;
    if (resource.resourceType === 'Medication') {
      const name = FhirPatient.conceptName(resource.code);
      if (name) { for (const key of [resource.id, url, resource.id && `Medication/${resource.id}`]) { if (key) { this.medications.set(key, name); } } }
      return [];
    }
    const isPatient = resource.resourceType === 'Patient';
    const reference = isPatient ? resource.id ?? url : resource.subject?.reference ?? resource.patient?.reference;
    if (typeof reference !== 'string') { return [recordProblem(piece, `the ${resource.resourceType} at line ${piece.line} names no patient`, { field: 'subject', severity: 'warning' })]; }
    // "Patient/7", "urn:uuid:7" and "http://server/Patient/7" name the same one.
    const id = reference.replace(/^.*[/:]/, '');
    let known = this.patients.get(id);
    if (!known) { this.patients.set(id, known = { patient: new FhirPatient(id), place: piece }); }
    if (isPatient) { known.place = piece; }
    known.patient.add(resource);
    return [];
  }

  /** The records, in the order in which the patients first came. */
  finish(): readonly (Reading & { readonly piece: Piece })[] {
    return [...this.patients.values()].map(({ patient, place }, index) => {
      const content = patient.content(this.medications);
      if ('problem' in content) { return { piece: place, problems: [recordProblem(place, `the patient at line ${place.line} ${content.problem}`)] }; }
      return { piece: place, ...checkedRecord(place, index, content) };
    });
  }
}

