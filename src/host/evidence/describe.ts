import type { EvidenceHeader } from '../../core/evidence/types';

const sourceLabel = { trials: 'Trial', literature: 'Article', labels: 'Drug label', 'knowledge-graph': 'Knowledge graph' } as const;

/** "Randomised trial \u00b7 2019 \u00b7 N Engl J Med". */
export function describeDocument({ source, design, year, journal, facts }: EvidenceHeader): string {
  const kind = design ? design[0]!.toUpperCase() + design.slice(1) : sourceLabel[source];
  return [kind, year, journal, facts?.acronym].filter(part => part !== undefined && part !== '').join(' \u00b7 ');
}
