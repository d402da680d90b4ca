import type { ContentProblem, RecordContent } from './fields';

interface CodeableConcept { readonly text?: unknown; readonly coding?: readonly { readonly display?: unknown; readonly code?: unknown }[] }
interface Reference { readonly reference?: string; readonly display?: string }

/** What is read of a FHIR R4 resource. */
export interface Resource {
  readonly resourceType: string;
  readonly id?: string;
  readonly subject?: Reference;
  readonly patient?: Reference;
  readonly code?: CodeableConcept;
  readonly clinicalStatus?: CodeableConcept;
  readonly verificationStatus?: CodeableConcept;
  readonly status?: string;
  readonly intent?: string;
  readonly gender?: string;
  readonly birthDate?: string;
  readonly recordedDate?: string;
  readonly authoredOn?: string;
  readonly medicationCodeableConcept?: CodeableConcept;
  readonly medicationReference?: Reference;
  readonly valueQuantity?: { readonly value?: number; readonly unit?: string };
  readonly valueString?: string;
  readonly content?: readonly { readonly attachment?: { readonly contentType?: string; readonly data?: string } }[];
}

// A chart holds thousands of measurements; the newest of each kind say enough.
const mostObservations = 30;

/** A patient of a Bundle as a case: a short readable text of conditions, allergies, measurements and notes. Ordered drugs are the label, not part of the text. */
export class FhirPatient {
  private gender: string | undefined;
  private birthYear: number | undefined;
  private latestYear = 0;
  private readonly conditions = new Map<string, boolean>();
  private readonly allergies = new Set<string>();
  private readonly observations = new Map<string, string>();
  private readonly orders: { readonly concept?: CodeableConcept; readonly reference?: Reference }[] = [];
  private readonly taken = new Set<string>();
  private readonly notes: string[] = [];

  constructor(private readonly id: string) {}

  static conceptName(concept: CodeableConcept | undefined): string | undefined {
    const names = [concept?.text, ...(Array.isArray(concept?.coding) ? concept.coding.map(({ display }) => display) : [])];
    return names.find((name): name is string => typeof name === 'string' && name.trim() !== '')?.trim();
  }

  add(resource: Resource): void {
    const code = (concept: CodeableConcept | undefined) => concept?.coding?.[0]?.code;
    const name = FhirPatient.conceptName(resource.code);
    const date = resource.authoredOn ?? resource.recordedDate;
    if (date) { this.latestYear = Math.max(this.latestYear, Number(date.slice(0, 4)) || 0); }
    // What was entered in error or refuted says nothing about the patient.
    if (['entered-in-error', 'refuted'].includes(String(code(resource.verificationStatus))) || resource.status === 'entered-in-error') { return; }
    switch (resource.resourceType) {
      case 'Patient':
        this.gender = resource.gender;
        this.birthYear = Number(resource.birthDate?.slice(0, 4)) || undefined;
        break;
      case 'Condition': {
        const past = ['resolved', 'remission', 'inactive'].includes(String(code(resource.clinicalStatus)));
        if (name) { this.conditions.set(name, past && (this.conditions.get(name) ?? true)); }
        break;
      }
      case 'AllergyIntolerance': if (name) { this.allergies.add(name); } break;
      case 'MedicationRequest':
        if (!['cancelled', 'draft'].includes(resource.status ?? '')) { this.orders.push({ concept: resource.medicationCodeableConcept, reference: resource.medicationReference }); }
        break;
      case 'MedicationStatement': {
        const drug = FhirPatient.conceptName(resource.medicationCodeableConcept);
        if (drug) { this.taken.add(drug); }
        break;
      }
      case 'Observation': {
        const { value, unit } = resource.valueQuantity ?? {};
        const text = typeof value === 'number' ? `${value}${unit ? ` ${unit}` : ''}` : typeof resource.valueString === 'string' ? resource.valueString : undefined;
        if (name && text !== undefined) { this.observations.delete(name); this.observations.set(name, text); }
        break;
      }
      case 'DocumentReference':
        for (const { attachment } of resource.content ?? []) {
          if (attachment?.data && /^text\/plain/.test(attachment.contentType ?? '')) { this.notes.push(Buffer.from(attachment.data, 'base64').toString('utf8')); }
        }
        break;
    }
  }

  /** `medications`: names of the Medication resources of the Bundle, by reference. */
  content(medications: ReadonlyMap<string, string>): RecordContent | ContentProblem {
    const present = [...this.conditions].filter(([, past]) => !past).map(([name]) => name);
    const past = [...this.conditions].filter(([, isPast]) => isPast).map(([name]) => name);
    if (present.length === 0 && past.length === 0 && this.notes.length === 0) { return { problem: 'has no Condition and no note, so there is no case' }; }
    const age = this.birthYear && this.latestYear >= this.birthYear ? `${this.latestYear - this.birthYear}-year-old ` : '';
    const who = `${age}${this.gender === 'male' ? 'man' : this.gender === 'female' ? 'woman' : 'patient'}`;
    const lines = [`${who[0]!.toUpperCase()}${who.slice(1)}.`];
    const list = (title: string, names: readonly string[]) => { if (names.length > 0) { lines.push(`${title}: ${names.join('; ')}.`); } };
    list('Diagnoses', present);
    list('Past medical history', past);
    list('Allergies', [...this.allergies]);
    list('Current medication', [...this.taken]);
    list('Measurements', [...this.observations].slice(-mostObservations).map(([name, value]) => `${name} ${value}`));
    lines.push(...this.notes);
    const label = [...new Set(this.orders.flatMap(({ concept, reference }) => FhirPatient.conceptName(concept) ?? reference?.display ?? medications.get(reference?.reference ?? '') ?? []))];
    return { id: this.id, caseText: lines.join('\n'), ...(present.length === 1 ? { disease: present[0]! } : {}), ...(label.length > 0 ? { label } : {}) };
  }
}
