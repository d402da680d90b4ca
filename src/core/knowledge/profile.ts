import type { EvidenceDocument, Passage } from '../evidence/types';
import type { Contraindication, Drug, Indication, Interaction } from '../terminology/types';
import type { KnowledgeGraph } from './graph';

/** Id of the passage of a drug's profile that states its class and mechanism. */
export function overviewPassageId(drugId: string): string {
  return `KG:${drugId}#1`;
}

/** Ids of the passages that state single edges; the numbering follows the drug's own lists. */
export function indicationPassageId(drug: Drug, indication: Indication): string {
  return `KG:${drug.id}#${2 + drug.indications.indexOf(indication)}`;
}

export function contraindicationPassageId(drug: Drug, contraindication: Contraindication): string {
  return `KG:${drug.id}#${2 + drug.indications.length + drug.contraindications.indexOf(contraindication)}`;
}

export function interactionPassageId(drug: Drug, interaction: Interaction): string {
  return `KG:${drug.id}#${2 + drug.indications.length + drug.contraindications.length + drug.interactions.indexOf(interaction)}`;
}

/** What the graph knows about a drug as a citable document; each edge is a passage of its own. */
export function buildProfile(graph: KnowledgeGraph, drug: Drug): EvidenceDocument {
  const documentId = `KG:${drug.id}`;
  const passages: Passage[] = [{ id: overviewPassageId(drug.id), documentId, section: 'Mechanism', text: overview(graph, drug) }];
  for (const indication of drug.indications) passages.push({ id: indicationPassageId(drug, indication), documentId, section: 'Indication', text: indicationSentence(graph, drug, indication) });
  for (const item of drug.contraindications) {
    passages.push({ id: contraindicationPassageId(drug, item), documentId, section: item.level === 'contraindicated' ? 'Contraindication' : 'Caution', text: contraindicationSentence(graph, drug, item) });
  }
  for (const item of drug.interactions) passages.push({ id: interactionPassageId(drug, item), documentId, section: 'Interaction', text: interactionSentence(graph, drug, item) });
  const facts: Record<string, string> = {};
  if (drug.classes.length > 0) facts['class'] = drug.classes.map((slug) => graph.nameOf(slug)).join(', ');
  if (drug.targets.length > 0) facts['targets'] = drug.targets.join(', ');
  if (drug.brands.length > 0) facts['brands'] = drug.brands.join(', ');
  if (drug.ids.atc !== undefined) facts['atc'] = drug.ids.atc.join(', ');
  const { drugbank } = drug.ids;
  return {
    id: documentId, source: 'knowledge-graph', title: `${capital(drug.name)}: drug profile`, ...(drugbank === undefined ? {} : { url: `https://go.drugbank.com/drugs/${drugbank}` }),
    design: 'knowledge-graph profile', drugs: [drug.id], diseases: drug.indications.map(({ disease }) => disease), facts, licence: 'MIT', passages,
  };
}

/** "Metformin is used for type 2 diabetes mellitus (first line, disease-modifying)." and the note, if any. */
export function indicationSentence(graph: KnowledgeGraph, drug: Drug, { disease, line, role, note }: Indication): string {
  const qualities = [line === undefined ? undefined : line === 'adjunct' ? 'adjunct' : line === 'first' ? 'first line' : 'later line', role].filter((quality) => quality !== undefined);
  const name = graph.nameOf(disease);
  return `${capital(drug.name)} is used for ${name}${qualities.length > 0 ? ` (${qualities.join(', ')})` : ''}.${also(note)}`;
}

function contraindicationSentence(graph: KnowledgeGraph, drug: Drug, { condition, level, reason }: Contraindication): string {
  const name = graph.nameOf(condition);
  return `${level === 'contraindicated' ? `${capital(drug.name)} is contraindicated in ${name}` : `${capital(drug.name)} calls for caution in ${name}`}.${also(reason)}`;
}

function interactionSentence(graph: KnowledgeGraph, drug: Drug, { with: other, level, effect }: Interaction): string {
  const pair = `${drug.name} with ${graph.nameOf(other)}`;
  return `${level === 'avoid' ? `${capital(drug.name)} should not be combined with ${graph.nameOf(other)}` : `${capital(pair)} calls for caution`}.${also(effect)}`;
}

function overview(graph: KnowledgeGraph, drug: Drug): string {
  const classes = drug.classes.map((slug) => graph.nameOf(slug));
  const kind = classes.length === 0 ? undefined : `${capital(drug.name)} belongs to the class${classes.length > 1 ? 'es' : ''} ${joinNames(classes)}.`;
  const mechanism = drug.mechanism === undefined ? undefined : mechanismSentence(drug.name, drug.mechanism);
  return [kind, mechanism].filter((part) => part !== undefined).join(' ') || `${capital(drug.name)} is a drug.`;
}

function joinNames(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
}

/** Authors begin a mechanism with its verb ("Blocks ...") or a noun ("Antibody that ..."); quoted alone it has to name its drug. */
function mechanismSentence(name: string, mechanism: string): string {
  const text = sentence(mechanism);
  if (text.toLowerCase().includes(name.toLowerCase())) return text;
  const lower = /^[A-Z][a-z]|^An? /.test(text) ? `${text.charAt(0).toLowerCase()}${text.slice(1)}` : text;
  const verb = /^(?:[A-Z][a-z]+ly )?(?!(?:This|Its|Is)\b)[A-Za-z][a-z]+(?<!ou|u|s|i)s (?!that\b|which\b|of\b|from\b)/.test(text);
  return verb ? `${capital(name)} ${lower}` : `Mechanism of ${name}: ${lower}`;
}

function also(text: string | undefined): string {
  return text === undefined || text === '' ? '' : ` ${sentence(capital(text))}`;
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
