import type { EvidenceStore } from '../core/evidence/types';
import type { RecommendationResult } from '../core/recommend/types';

/** Retractions, concerns and corrections of the documents that a result cites: "PMID:1 is cited; note: Retracted: ...". */
export async function citedNotices({ recommendations }: RecommendationResult, evidence: EvidenceStore): Promise<readonly string[]> {
  const ids = new Set(recommendations.flatMap(({ rationale }) => rationale.claims.flatMap(({ citations }) => citations.map(({ documentId }) => documentId))));
  const notices: string[] = [];
  for (const id of ids) {
    const notice = id.startsWith('KG:') ? undefined : (await evidence.document(id))?.notice;
    if (notice !== undefined) { notices.push(`${id} is cited; note: ${notice}`); }
  }
  return notices;
}
