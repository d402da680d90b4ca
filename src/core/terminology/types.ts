import type { Span } from '../text/span';

/** External identifiers of a concept, each present only where it is certain. */
export type ConceptIds = Partial<Record<'mesh' | 'doid' | 'mondo' | 'icd10' | 'drugbank' | 'rxnorm', string>> & { readonly atc?: readonly string[] };

interface ConceptBase {
  /** Stable kebab-case slug. */
  readonly id: string;
  /** Preferred name. */
  readonly name: string;
  readonly synonyms: readonly string[];
  /** Matched case-sensitively. */
  readonly abbreviations: readonly string[];
}

export interface Disease extends ConceptBase {
  /** `condition` matters for safety only (pregnancy, hyperkalaemia); drugs are recommended for a `disease`. */
  readonly kind: 'disease' | 'condition' | 'finding';
  readonly area?: string;
  /** Slugs of wider concepts. */
  readonly broader: readonly string[];
  readonly ids: ConceptIds;
}

export interface DrugClass extends ConceptBase {
  /** Classes in which an allergy to this one calls for caution. */
  readonly crossReactive: readonly string[];
  readonly partOf: readonly string[];
  /** An allergy or intolerance to one member rules out the others; otherwise it only calls for caution. */
  readonly sharedAllergy?: boolean;
}

export type IndicationLine = 'first' | 'later' | 'adjunct';
export type IndicationRole = 'disease-modifying' | 'symptomatic' | 'preventive' | 'curative';

export interface Indication {
  /** Disease slug. */
  readonly disease: string;
  readonly line?: IndicationLine;
  readonly role?: IndicationRole;
  readonly note?: string;
}

export interface Contraindication {
  /** Disease or condition slug. */
  readonly condition: string;
  readonly level: 'contraindicated' | 'caution';
  readonly reason?: string;
}

export interface Interaction {
  /** Slug of a drug or a class. */
  readonly with: string;
  readonly level: 'avoid' | 'caution';
  readonly effect?: string;
}

export interface Drug extends ConceptBase {
  readonly brands: readonly string[];
  readonly classes: readonly string[];
  readonly mechanism?: string;
  /** HGNC gene symbols. */
  readonly targets: readonly string[];
  readonly ids: ConceptIds;
  readonly indications: readonly Indication[];
  readonly contraindications: readonly Contraindication[];
  readonly interactions: readonly Interaction[];
}

/** The bundled knowledge, as `dist/bundle/knowledge.json` holds it. */
export interface KnowledgeData {
  readonly version: string;
  readonly diseases: readonly Disease[];
  readonly classes: readonly DrugClass[];
  readonly drugs: readonly Drug[];
}

export type ConceptKind = 'disease' | 'drug' | 'drug-class';

/**
 * What a note says about a mention:
 * `present` now; `negated` ("no history of", "denies", "ruled out"); `historical` (past, resolved); `family` (a relative's);
 * `hypothetical` ("if", "risk of", "screen for", "rule out"); `allergy` (drugs and classes only).
 */
export type Assertion = 'present' | 'negated' | 'historical' | 'family' | 'hypothetical' | 'allergy';

/** A concept found in a text. */
export interface Mention {
  readonly kind: ConceptKind;
  readonly conceptId: string;
  /** In the text that was searched. */
  readonly span: Span;
  readonly assertion: Assertion;
}

/** One concept of a case with every place that names it. */
export interface CaseConcept {
  readonly kind: ConceptKind;
  readonly id: string;
  readonly name: string;
  /** The strongest assertion of its mentions: present > historical > hypothetical > family > negated. */
  readonly assertion: Assertion;
  readonly mentions: readonly Mention[];
}

/** What was understood of a case's text. Spans refer to that text; no text is copied. */
export interface CaseReading {
  /** In order of importance for the question: present first, then by first mention. Conditions included. */
  readonly diseases: readonly CaseConcept[];
  /** Current drugs and classes (assertion present) and others named. */
  readonly drugs: readonly CaseConcept[];
  /** Drugs or classes the patient does not tolerate. */
  readonly allergies: readonly CaseConcept[];
  readonly sentences: readonly Span[];
  /** UTF-16 code units. */
  readonly textLength: number;
}
