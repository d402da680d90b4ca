import type { RetrievalReport } from './retrieval';
import type { SelectionReport } from './selection';
import type { Share } from './statistics';

/** A retrieval report for people at a terminal. */
export function retrievalText(report: RetrievalReport): string {
  const lines = [
    `Queries       ${report.queries}${report.queriesWithoutRelevant > 0 ? ` (${report.queriesWithoutRelevant} more have no relevant document and are left out)` : ''}`,
    `nDCG@10       ${report.ndcgAt10.toFixed(4)}`, `recall@100    ${report.recallAt100.toFixed(4)}`, `MRR@10        ${report.mrrAt10.toFixed(4)}`,
    `ms per query  p50 ${report.milliseconds.p50.toFixed(2)}, p95 ${report.milliseconds.p95.toFixed(2)} (first ten results with their text)`, `Indexes       ${report.indexes.join(', ')}`,
  ];
  if (report.missingDocuments > 0) { lines.push(`Note: ${report.missingDocuments} relevant ${report.missingDocuments === 1 ? 'document is' : 'documents are'} in no index and count as not found (${report.missingExamples.join(', ')}${report.missingDocuments > report.missingExamples.length ? ', ...' : ''}).`); }
  return `${lines.join('\n')}\n`;
}

/** A selection report for people at a terminal; the triples that were not answered correctly come last. */
export function selectionText(report: SelectionReport): string {
  const lines = [
    `Triples                  ${report.triples}`, `Accuracy over all        ${shareText(report.accuracy)}`, `Accuracy over answered   ${shareText(report.accuracyAnswered)}`,
    `Abstained                ${shareText(report.abstained)}`, `F1 of drug selection     ${report.f1 === null ? '–' : report.f1.toFixed(3)}`,
    `Decided by               ${[...(report.graph ? ['knowledge graph'] : []), ...(report.condition === 'none' ? [] : [`evidence (${report.indexes.join(', ')})`])].join(' and ') || 'nothing'}`,
  ];
  const { diseases, drugs } = report.unknown;
  if (diseases.length > 0) { lines.push(`Not in the terminology:  diseases ${diseases.join(', ')}`); }
  if (drugs.length > 0) { lines.push(`Not in the terminology:  drugs ${drugs.join(', ')}`); }
  const failed = report.perTriple.filter(({ outcome }) => outcome !== 'correct');
  if (failed.length > 0) { lines.push(''); }
  for (const { line, disease, relevant, irrelevant, outcome } of failed) {
    lines.push(`line ${line}  ${outcome.padEnd(9)}  ${disease}: ${relevant.drug} (${relevant.decision} ${relevant.confidence.toFixed(2)}) against ${irrelevant.drug} (${irrelevant.decision} ${irrelevant.confidence.toFixed(2)})`);
  }
  return `${lines.join('\n')}\n`;
}

function shareText({ value, interval95, count, of }: Share): string {
  return value === null || interval95 === null ? '–' : `${(100 * value).toFixed(1)} % (${count} of ${of}; 95 % interval ${(100 * interval95[0]).toFixed(1)} to ${(100 * interval95[1]).toFixed(1)})`;
}
