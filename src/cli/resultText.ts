import type { RecommendationResult } from '../core/recommend/types';
import { decisionLabel, groundingLabel, provenanceLine, researchUse } from '../shared/labels';

/** A result for people at a terminal. */
export function resultText(result: RecommendationResult): string {
  const { diseases, drugs, allergies } = result.case;
  const list = (concepts: typeof diseases) => concepts.map(({ name, assertion }) => (assertion === 'present' || assertion === 'allergy' ? name : `${name} (${assertion})`)).join(', ') || 'none';
  const lines = [`Diseases: ${list(diseases)}`, `Drugs: ${list(drugs)}`, `Allergies: ${list(allergies)}`, ''];
  result.recommendations.forEach(({ drug, decision, confidence, safety, rationale, for: diseasesFor }, index) => {
    const about = diseasesFor && diseasesFor.length > 0 ? ` for ${diseasesFor.map(({ name }) => name).join(', ')}` : '';
    lines.push(`${index + 1}. ${decisionLabel[decision]}: ${drug.name}${about} (confidence ${confidence.toFixed(2)})`);
    for (const flag of safety) { lines.push(`   ${flag.level === 'avoid' ? 'Avoid' : 'Caution'}: ${flag.reason}`); }
    lines.push(`   ${rationale.summary}`);
    for (const claim of rationale.claims) {
      const citations = claim.citations.map(({ documentId, retrieved }) => (retrieved ? documentId : `${documentId} (not retrieved)`)).join(', ');
      lines.push(`   ${{ for: '+', against: '-', safety: '!' }[claim.stance]} ${claim.text} [${citations || 'no citation'}; ${groundingLabel[claim.grounding]}]`);
    }
    lines.push('');
  });
  for (const warning of result.warnings) { lines.push(`Note: ${warning}`); }
  lines.push(`${provenanceLine(result.provenance)}`, researchUse, '');
  return lines.join('\n');
}
