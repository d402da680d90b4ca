import type { BatchFailure, BatchSummary } from '../../core/dataset/batch/types';
import type { RecordProblem } from '../../core/dataset/recordTypes';
import type { ReportLine } from '../review/reportDocuments';
import { summaryText } from './progressText';

/** What a batch left out, as lines that lead to the records. */
export function batchReport(name: string, uri: string, summary: BatchSummary): readonly ReportLine[] {
  const failures = summary.failures ?? [];
  const lines: ReportLine[] = [
    { text: `# ${name}: what was not annotated` }, { text: '' }, { text: `${summaryText(summary)}.` },
    ...(summary.stopped ? [{ text: '' }, { text: `Stopped early: ${summary.stopped}` }] : []),
  ];
  if (failures.length > 0) {
    lines.push({ text: '' }, { text: `## Failed (${failures.length})` }, { text: '' }, { text: 'Ask for them again with KEDRec: Retry Failed Records.' }, { text: '' });
    for (const failure of failures) { lines.push(failureLine(failure, uri)); }
  }
  const before = summary.failedBefore ?? 0;
  if (before > 0) { lines.push({ text: '' }, { text: `${before} more failed in an earlier run and were not asked again; the annotation queue lists them under errors.` }); }
  const errors = summary.problems.filter(({ severity }) => severity === 'error');
  const warnings = summary.problems.filter(({ severity }) => severity === 'warning');
  for (const [title, problems] of [['Broken and skipped', errors], ['Used, with a doubt', warnings]] as const) {
    if (problems.length === 0) { continue; }
    lines.push({ text: '' }, { text: `## ${title} (${problems.length})` }, { text: '' });
    for (const problem of problems) { lines.push(problemLine(problem, uri)); }
  }
  if (summary.problemCount > errors.length) { lines.push({ text: '' }, { text: `${summary.problemCount - errors.length} more broken records are not listed.` }); }
  if (lines.length === 3) { lines.push({ text: '' }, { text: 'Nothing was left out.' }); }
  return lines;
}

function failureLine({ line, index, id, reason, message }: BatchFailure, uri: string): ReportLine {
  return { text: `- line ${line}, record ${id ?? index + 1}: ${message} (${reason})`, link: { part: `line ${line}`, target: { uri, line } } };
}

function problemLine({ line, field, message }: RecordProblem, uri: string): ReportLine {
  const place = `line ${line}${field ? `, field ${field}` : ''}: `;
  return { text: `- ${message.startsWith(`line ${line} `) ? '' : place}${message}`, link: { part: `line ${line}`, target: { uri, line } } };
}
