/** A note that another publication makes about an article, or the article about another. */
export interface EditorialNote {
  readonly kind: 'retracted' | 'partly retracted' | 'concern' | 'corrected' | 'retracts' | 'corrects' | 'voices concern';
  /** Where it stands, such as "Lancet. 2010;375:445"; may be empty. */
  readonly where?: string;
}

const WORDS: Readonly<Record<EditorialNote['kind'], string>> = {
  'retracted': 'Retracted',
  'partly retracted': 'Retracted in part',
  'concern': 'Expression of concern',
  'retracts': 'This is a notice of retraction',
  'voices concern': 'This is an expression of concern',
  'corrected': 'Corrected',
  'corrects': 'This is a published correction',
};
const ORDER = Object.keys(WORDS) as EditorialNote['kind'][];

/** The notice for people, gravest first: "Retracted: Lancet. 2010;375:445. Corrected: ...". Undefined without notes. */
export function noticeOf(notes: readonly EditorialNote[]): string | undefined {
  const lines = ORDER.flatMap(kind => {
    const ofKind = notes.filter(note => note.kind === kind);
    if (ofKind.length === 0) return [];
    const where = [...new Set(ofKind.map(note => note.where?.replace(/[\s.]+$/, '') ?? '').filter(text => text !== ''))].join('; ');
    return [`${WORDS[kind]}${where === '' ? '' : `: ${where}`}.`];
  });
  return lines.length > 0 ? lines.join(' ') : undefined;
}

/** Whether a notice says more than that an erratum was published: such a document is no evidence by itself. */
export function isGraveNotice(notice: string | undefined): boolean {
  return notice !== undefined && !/^Corrected\b/.test(notice);
}

/** The note in a title such as "RETRACTED: ..." or "Retraction notice to ...", as publishers write it. */
export function noteInTitle(title: string): EditorialNote | undefined {
  if (/^\W*(retracted\b|retracted article\b|withdrawn\s*:)/i.test(title)) return { kind: 'retracted' };
  if (/^\W*(notice of retraction|retraction notice|retraction (note|of)\b|retraction\s*:)/i.test(title)) return { kind: 'retracts' };
  if (/^\W*(editorial )?expression of concern\b/i.test(title)) return { kind: 'voices concern' };
  return undefined;
}
