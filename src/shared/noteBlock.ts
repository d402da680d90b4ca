import type { RecommendationResult } from '../core/recommend/types';
import { decisionLabel, researchUse } from './labels';

/** How a block is written into a file: Markdown, or text with a comment prefix on each line where the language has one. */
export interface BlockStyle {
  readonly markdown: boolean;
  readonly lineBreak: '\n' | '\r\n';
}

/** The recommendation as a readable block, with a number for each cited document. Reviews come by drug id, in words. */
export function noteBlock(result: RecommendationResult, reviews: ReadonlyMap<string, string>, provenance: string, style: BlockStyle): string {
  const numbers = new Map<string, number>();
  const sources: string[] = [];
  const cite = (documentId: string, title: string | undefined, url: string | undefined): string => {
    const known = numbers.get(documentId);
    if (known !== undefined) { return `[${known}]`; }
    const number = numbers.size + 1;
    numbers.set(documentId, number);
    sources.push(`[${number}] ${documentId}${title ? `: ${title}` : ''}${url ? ` <${url}>` : ''}`);
    return `[${number}]`;
  };
  const strong = (text: string) => (style.markdown ? `**${text}**` : text);
  const lines: string[] = [style.markdown ? '### KEDRec recommendation' : 'KEDRec recommendation', ''];
  for (const { drug, decision, confidence, rationale, safety } of result.recommendations) {
    const verdict = reviews.get(drug.id);
    lines.push(`- ${strong(`${decisionLabel[decision]}: ${drug.name}`)} (confidence ${confidence.toFixed(2)})${verdict ? `, ${verdict}` : ''}`);
    // A flag that a claim states with its citation is not said twice.
    const cited = new Set(rationale.claims.flatMap(claim => claim.citations.flatMap(citation => citation.passageId ?? [])));
    for (const flag of safety.filter(({ passageId }) => !passageId || !cited.has(passageId))) { lines.push(`  - Safety: ${flag.reason}`); }
    for (const claim of rationale.claims) {
      const marks = claim.citations.map(citation => cite(citation.documentId, citation.title, citation.url) + (citation.retrieved ? '' : ' (not retrieved)')).join(' ');
      const mark = claim.grounding === 'supported' ? '' : ` (${claim.grounding})`;
      lines.push(`  - ${claim.stance === 'for' ? 'For' : claim.stance === 'against' ? 'Against' : 'Safety'}: ${oneLine(claim.text)} ${marks}${mark}`.trimEnd());
    }
  }
  if (result.nothing) { lines.push(`${result.nothing.reason} ${result.nothing.advice}`); }
  if (sources.length > 0) { lines.push('', 'Sources', ...sources.map(source => (style.markdown ? `- ${source}` : `  ${source}`))); }
  lines.push('', `${provenance}. ${researchUse}`, '');
  return lines.join(style.lineBreak);
}

function oneLine(text: string): string { return text.replace(/\s+/g, ' ').trim(); }
