import type { CaseConcept, CaseReading, Drug } from '../terminology/types';
import type { KnowledgeGraph } from './graph';
import { contraindicationPassageId, interactionPassageId, overviewPassageId } from './profile';
import type { SafetyFlag } from './types';

/** What in a case speaks against a drug, gravest first; one flag for each concept of the case and kind. */
export function findSafetyFlags(graph: KnowledgeGraph, drug: Drug, reading: CaseReading): SafetyFlag[] {
  const flags = [...allergies(graph, drug, reading), ...contraindications(graph, drug, reading), ...interactions(graph, drug, reading), ...duplicates(drug, reading)];
  // Array.sort is stable: allergies stay before contraindications of the same level.
  return flags.sort((a, b) => Number(b.level === 'avoid') - Number(a.level === 'avoid'));
}

function spanOf(concept: CaseConcept, assertion: CaseConcept['assertion'] = concept.assertion): SafetyFlag['caseSpan'] {
  return (concept.mentions.find((mention) => mention.assertion === assertion) ?? concept.mentions[0])?.span;
}

function allergies(graph: KnowledgeGraph, drug: Drug, reading: CaseReading): SafetyFlag[] {
  const all = new Set(graph.classesOf(drug.id));
  return reading.allergies.flatMap((allergy): SafetyFlag[] => {
    const flag = (level: SafetyFlag['level'], reason: string, cited = true): SafetyFlag[] =>
      [{ kind: 'allergy', level, reason, ...(cited ? { passageId: overviewPassageId(drug.id) } : {}), caseSpan: spanOf(allergy, 'allergy') }];
    const cross = (classes: readonly string[]): string | undefined =>
      [...all].find((mine) => classes.some((theirs) => graph.drugClass(theirs)?.crossReactive.includes(mine) === true || graph.drugClass(mine)?.crossReactive.includes(theirs) === true));
    if (allergy.kind === 'drug-class') {
      if (all.has(allergy.id)) return flag('avoid', `The case names an allergy or intolerance to ${allergy.name}; ${drug.name} belongs to that class.`);
      const other = cross([allergy.id, ...graph.widerClasses(allergy.id)]);
      return other === undefined ? [] : flag('caution', `The case names an allergy or intolerance to ${allergy.name}, which can cross-react with ${graph.nameOf(other)} such as ${drug.name}.`);
    }
    if (allergy.id === drug.id) return flag('avoid', `The case names an allergy or intolerance to ${drug.name}.`, false);
    const allergen = graph.drug(allergy.id);
    const theirs = graph.classesOf(allergy.id);
    const shared = theirs.find((slug) => all.has(slug) && graph.drugClass(slug)?.sharedAllergy === true);
    if (shared !== undefined) return flag('avoid', `The case names an allergy or intolerance to ${allergy.name}; ${drug.name} belongs to the same class (${graph.nameOf(shared)}), whose members share it.`);
    // The first class of a drug is what it is; further ones may only name an effect ("QT-prolonging"), which spreads no allergy.
    const same = allergen?.classes[0];
    if (same !== undefined && drug.classes.includes(same)) return flag('caution', `The case names an allergy or intolerance to ${allergy.name}; ${drug.name} belongs to the same class (${graph.nameOf(same)}).`);
    const other = cross(theirs);
    return other === undefined ? [] : flag('caution', `The case names an allergy or intolerance to ${allergy.name}, which can cross-react with ${graph.nameOf(other)} such as ${drug.name}.`);
  });
}

function contraindications(graph: KnowledgeGraph, drug: Drug, reading: CaseReading): SafetyFlag[] {
  return drug.contraindications.flatMap((contraindication): SafetyFlag[] => {
    const { condition, level, reason } = contraindication;
    const matching = reading.diseases.filter(({ id, assertion }) => (assertion === 'present' || assertion === 'historical') && (id === condition || graph.broader(id).has(condition)));
    const found = matching.find(({ assertion }) => assertion === 'present') ?? matching[0];
    if (found === undefined) return [];
    const past = found.assertion === 'historical';
    const name = graph.nameOf(condition);
    const kind = found.id === condition ? '' : ` (a form of ${name})`;
    const what = level === 'contraindicated' ? `${capital(drug.name)} is contraindicated in ${name}` : `${capital(drug.name)} calls for caution in ${name}`;
    return [{
      kind: 'contraindication', level: level === 'contraindicated' && !past ? 'avoid' : 'caution',
      reason: `${what}; the case names ${past ? 'a history of ' : ''}${found.name}${kind}.${reason === undefined ? '' : ` ${sentence(capital(reason))}`}`,
      passageId: contraindicationPassageId(drug, contraindication), caseSpan: spanOf(found),
    }];
  });
}

/** Interactions are listed with one of the two drugs, so both lists are looked at. */
function interactions(graph: KnowledgeGraph, drug: Drug, reading: CaseReading): SafetyFlag[] {
  const mine = new Set([drug.id, ...graph.classesOf(drug.id)]);
  return reading.drugs.filter(({ id, assertion }) => assertion === 'present' && id !== drug.id).flatMap((current): SafetyFlag[] => {
    const theirs = new Set([current.id, ...(current.kind === 'drug' ? graph.classesOf(current.id) : graph.widerClasses(current.id))]);
    const other = current.kind === 'drug' ? graph.drug(current.id) : undefined;
    const found = [
      ...drug.interactions.filter((interaction) => theirs.has(interaction.with)).map((interaction) => ({ interaction, owner: drug })),
      ...(other?.interactions ?? []).filter((interaction) => mine.has(interaction.with)).map((interaction) => ({ interaction, owner: other! })),
    ].sort((a, b) => Number(b.interaction.level === 'avoid') - Number(a.interaction.level === 'avoid'))[0];
    if (found === undefined || (current.kind === 'drug-class' && mine.has(current.id))) return [];
    const { interaction, owner } = found;
    const what = interaction.level === 'avoid' ? `${capital(drug.name)} should not be combined with ${current.name}` : `${capital(drug.name)} together with ${current.name} calls for caution`;
    return [{
      kind: 'interaction', level: interaction.level, reason: `${what}; the case names ${current.name} as a current drug.${interaction.effect === undefined ? '' : ` ${sentence(capital(interaction.effect))}`}`,
      passageId: interactionPassageId(owner, interaction), caseSpan: spanOf(current),
    }];
  });
}

function duplicates(drug: Drug, reading: CaseReading): SafetyFlag[] {
  const taken = reading.drugs.find(({ kind, id, assertion }) => kind === 'drug' && id === drug.id && assertion === 'present');
  return taken === undefined ? [] : [{ kind: 'duplicate', level: 'caution', reason: `The case already names ${drug.name} as a current drug.`, caseSpan: spanOf(taken) }];
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
