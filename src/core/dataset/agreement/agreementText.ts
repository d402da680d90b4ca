import type { Anchor } from '../annotationTypes';
import { decisions, type AgreementFigures, type AgreementReport, type Disagreement } from './agreementReport';
import type { Estimate } from './kappa';

/** "0.68 (0.51 to 0.85)". */
export function estimateText(estimate: Estimate | undefined): string {
  if (!estimate) { return 'not defined'; }
  const number = (value: number) => value.toFixed(2);
  return estimate.interval95 ? `${number(estimate.value)} (${number(estimate.interval95[0])} to ${number(estimate.interval95[1])})` : number(estimate.value);
}

/** "record P-17", "record 4", "offset 1200". */
export function placeOfAnchor({ record, start }: Anchor): string {
  return record ? `record ${record.id ?? record.index + 1}` : `offset ${start}`;
}

/** "Ann: accepted, Ben: rejected; adjudicated by Cy: accepted". */
export function verdictsText({ reviews, adjudication }: Disagreement): string {
  const each = reviews.map(({ reviewer, verdict }) => `${reviewer}: ${verdict}`).join(', ');
  return adjudication ? `${each}; adjudicated by ${adjudication.reviewer}: ${adjudication.verdict}` : each;
}

/** What the figures cannot say, in words; empty when there is nothing to add. */
export function agreementAdvice(report: AgreementReport): readonly string[] {
  const people = report.reviewers.filter(({ judged }) => judged > 0);
  if (people.length === 0) { return ['Nothing was accepted, edited or rejected yet.']; }
  if (people.length === 1) { return [`Only ${people[0]!.name} judged anything. Agreement needs two people with different names (setting kedrec.reviewer).`]; }
  if (report.overall.units === 0) { return ['No drug of a case was judged by two people.']; }
  return [
    ...(report.overall.kappa ? [] : ['Kappa is not defined: all verdicts are the same, so chance alone would agree as well.']),
    ...(report.overall.units < 30 ? [`Only ${report.overall.units} judged by two or more: intervals of so few are rough.`] : []),
  ];
}

export const agreementMethod = 'Verdicts are accepted, edited, rejected; skips are left out, and so are adjudicators, who knew the others. Two reviewers: Cohen\'s kappa (1960), interval by Fleiss, '
  + 'Cohen and Everitt (1969), raw agreement with the Wilson interval. More: Fleiss\' kappa (1971) generalised to unequal numbers of reviewers, interval by Gwet (2021).';

/** The report as plain text for the command line. `most`: disagreements listed at most. */
export function agreementText(report: AgreementReport, most: number): string {
  const lines = report.reviewers.map(({ name, judged, skipped, adjudicated }) => `${name}: ${judged} judged, ${skipped} skipped${adjudicated > 0 ? `, ${adjudicated} adjudicated` : ''}`);
  lines.push('', ...agreementAdvice(report));
  const rows: [string, AgreementFigures][] = [['overall', report.overall], ...decisions.map((decision): [string, AgreementFigures] => [decision, report.byDecision[decision]])];
  for (const { reviewers, figures } of report.pairs) { rows.push([reviewers.join(' / '), figures]); }
  const width = Math.max(...rows.map(([name]) => name.length));
  lines.push('', `${''.padEnd(width)}  ${'drugs'.padStart(6)}  ${'raw agreement'.padEnd(21)}  kappa (95 % interval)`);
  for (const [name, figures] of rows) {
    const kappa = figures.units === 0 ? '-' : `${estimateText(figures.kappa)}  ${figures.statistic}`;
    lines.push(`${name.padEnd(width)}  ${String(figures.units).padStart(6)}  ${(figures.units === 0 ? '-' : estimateText(figures.raw)).padEnd(21)}  ${kappa}`.trimEnd());
  }
  const { disagreements } = report;
  const open = disagreements.filter(({ standing }) => standing.verdict === 'disputed').length;
  lines.push('', `${disagreements.length} disagreements, ${open} not adjudicated`);
  for (const disagreement of disagreements.slice(0, most)) {
    lines.push(`  ${placeOfAnchor(disagreement.anchor)}, ${disagreement.drug.name} (${disagreement.decision}): ${verdictsText(disagreement)}`);
  }
  if (disagreements.length > most) { lines.push(`  ... and ${disagreements.length - most} more (--list ${disagreements.length})`); }
  lines.push('', agreementMethod);
  return `${lines.join('\n').replace(/\n{3,}/g, '\n\n')}\n`;
}
