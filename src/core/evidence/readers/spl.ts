import { isoDate } from './dates';
import type { Section } from './documents';
import { labelDocument } from './labelDocument';
import { sectionLabel } from './paperDocument';
import type { CorpusReader, CorpusRecord } from './types';
import { descendants, element, elements, textAt, textOf } from './xml';
import type { XmlElement } from './xml';
import { rootElement, xmlRecords } from './xmlRecords';

/** Structured Product Labeling: the XML of drug labels (DailyMed, FDA). */
export const splReader: CorpusReader = {
  name: 'SPL XML',
  recognises: ({ head }) => rootElement(head) === 'document' && head.includes('urn:hl7-org:v3'),
  async *read(input) {
    for await (const { root, position } of xmlRecords(input, ['document'], { nested: true })) {
      try { yield labelRecord(root); } catch (error) { input.problem(position, error instanceof Error ? error.message : 'not a label'); }
    }
  },
};

// LOINC codes of label sections; what is not listed takes its label from its title.
const CODES: Readonly<Record<string, string>> = {
  '34066-1': 'Boxed warning', '34067-9': 'Indications and usage', '34068-7': 'Dosage and administration', '34070-3': 'Contraindications', '43685-7': 'Warnings and precautions',
  '34071-1': 'Warnings', '42232-9': 'Precautions', '34084-4': 'Adverse reactions', '34073-7': 'Drug interactions', '43684-0': 'Use in specific populations', '42228-7': 'Pregnancy',
  '34080-2': 'Nursing mothers', '77290-5': 'Lactation', '34081-0': 'Paediatric use', '34082-8': 'Geriatric use', '34088-5': 'Overdosage', '43679-0': 'Mechanism of action',
  '34090-1': 'Clinical pharmacology', '43681-6': 'Pharmacodynamics', '34092-7': 'Clinical studies', '50570-1': 'Do not use', '50565-1': 'Keep out of reach of children',
};
// Product data, changes, storage, references, patient leaflets and package pictures say nothing about who should get the drug.
const LEFT_OUT = new Set(['48780-1', '43683-2', '34069-5', '44425-7', '34093-5', '51945-4', '42230-3', '42231-1', '34089-3', '43678-2', '68498-5', '59845-8', '60559-2', '34076-0', '71744-7', '43682-4', '43680-8', '34083-6']);
const NO_TEXT = new Set(['renderMultiMedia', 'footnoteRef', 'observationMedia']);

function labelRecord(root: XmlElement): CorpusRecord {
  const setId = element(root, 'setId')?.attributes['root'];
  if (setId === undefined) throw new Error('the label has no set id');
  const effective = isoDate(element(root, 'effectiveTime')?.attributes['value']);
  const parts = elements(element(root, 'component', 'structuredBody'), 'component').map(component => element(component, 'section')).filter(section => section !== undefined);
  const products = parts.flatMap(section => descendants(section, 'manufacturedProduct')).map(product => element(product, 'manufacturedProduct') ?? element(product, 'manufacturedMedicine') ?? product);
  const ingredients = products.flatMap(product => descendants(product, 'ingredient').filter(({ attributes }) => attributes['classCode'] !== 'IACT').concat(descendants(product, 'activeIngredient')));
  const document = labelDocument({
    setId,
    brands: products.map(product => textAt(product, 'name')).filter(name => name !== undefined),
    generics: products.flatMap(product => descendants(product, 'genericMedicine')).map(generic => textAt(generic, 'name'))
      .concat(ingredients.map(ingredient => textOf(descendants(ingredient, 'name')[0]) || undefined)).filter(name => name !== undefined).map(name => name.toLowerCase()),
    manufacturer: textOf(descendants(element(root, 'author'), 'name')[0]) || undefined,
    type: sectionLabel(element(root, 'code')?.attributes['displayName']),
    routes: [...new Set(products.flatMap(product => descendants(product, 'routeCode')).map(({ attributes }) => attributes['displayName']?.toLowerCase() ?? ''))],
    effective,
    labelVersion: element(root, 'versionNumber')?.attributes['value'],
    sections: parts.flatMap(section => sectionsOf(section, undefined)),
  });
  return { format: 'spl', document, version: effective };
}

function sectionsOf(section: XmlElement, above: string | undefined): Section[] {
  const code = element(section, 'code')?.attributes['code'] ?? '';
  if (LEFT_OUT.has(code)) return [];
  const title = sectionLabel(textAt(section, 'title')?.replace(/^\d+(\.\d+)*\s*/, ''));
  const own = CODES[code] ?? title;
  const label = above === undefined || own === undefined || own === above ? own ?? above : CODES[code] !== undefined && above !== undefined ? own : `${above}: ${own}`;
  const top = above ?? own;
  // A section may say its point in its title alone ("4.1 Active liver disease").
  const heading = CODES[code] === undefined ? title : undefined;
  const text = blocks(element(section, 'text'));
  return [
    { label, paragraphs: text.length > 0 ? text : [heading] },
    ...elements(section, 'component').map(component => element(component, 'section')).filter(inner => inner !== undefined).flatMap(inner => sectionsOf(inner, top)),
  ];
}

/** Paragraphs, list items and table rows of a text block. */
function blocks(text: XmlElement | undefined): string[] {
  if (text === undefined) return [];
  const found: string[] = [];
  let loose = '';
  const flush = (): void => {
    const tidy = loose.replace(/\s+/g, ' ').trim();
    if (tidy !== '') found.push(tidy);
    loose = '';
  };
  for (const child of text.children) {
    if (typeof child === 'string') { loose += child; continue; }
    if (NO_TEXT.has(child.name)) continue;
    if (child.name === 'content' || child.name === 'sub' || child.name === 'sup' || child.name === 'br') { loose += ` ${textOf(child)}`; continue; }
    flush();
    if (child.name === 'list') found.push(...elements(child, 'item').map(item => textOf(item, inner => NO_TEXT.has(inner.name))));
    else if (child.name === 'table') found.push(...descendants(child, 'tr').map(row => elements(row, 'td').concat(elements(row, 'th')).map(cell => textOf(cell)).filter(cell => cell !== '').join(' | ')));
    else found.push(textOf(child, inner => NO_TEXT.has(inner.name)));
  }
  flush();
  return found;
}
