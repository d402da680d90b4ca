import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { agreementReport, decisions, type AgreementFigures, type AgreementReport } from '../../core/dataset/agreement/agreementReport';
import { agreementAdvice, agreementMethod, estimateText, placeOfAnchor, verdictsText } from '../../core/dataset/agreement/agreementText';
import { readReviews } from '../../core/dataset/agreement/readReviews';
import { sidecarName } from '../../core/dataset/sidecar';
import { sidecarUri } from '../annotate/sidecarFile';
import { errorLabel, type Log } from '../log';
import type { QueueModel } from './queueModel';
import type { ReportDocuments, ReportLine } from './reportDocuments';

const mostListed = 1000;

/** Sidecars of colleagues beside a file: NAME.anything.kedrec.jsonl. */
export async function sidecarsBeside(path: string): Promise<readonly string[]> {
  const own = sidecarName(basename(path));
  const names = await readdir(dirname(path)).catch((): string[] => []);
  return names.filter(name => name !== own && name.startsWith(`${basename(path)}.`) && name.endsWith('.kedrec.jsonl')).sort().map(name => join(dirname(path), name));
}

/** Shows how far the reviewers of the queue's file agree, colleagues' sidecars beside it included. */
export async function showAgreement(model: QueueModel, reports: ReportDocuments, log: Log): Promise<vscode.TextDocument | undefined> {
  const uri = model.file?.uri;
  const sidecar = uri && sidecarUri(uri);
  if (!uri || sidecar?.scheme !== 'file') { void vscode.window.showInformationMessage('Open an annotated file first, or choose one with KEDRec: Show Annotation Queue of File.'); return undefined; }
  const name = basename(uri.fsPath);
  try {
    const paths = [...(model.queue.items.length > 0 ? [sidecar.fsPath] : []), ...await sidecarsBeside(uri.fsPath)];
    if (paths.length === 0) { void vscode.window.showInformationMessage(`${name} is not annotated yet, so there is nothing to agree on. Run KEDRec: Annotate File.`); return undefined; }
    const { summaries, files } = await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: 'KEDRec reads reviews' }, () => readReviews(paths));
    const broken = files.filter(({ problemCount }) => problemCount > 0).map(({ path, problemCount }) => `${basename(path)}: ${problemCount} lines could not be read and do not count.`);
    return await reports.show(`Reviewer agreement on ${name}`, agreementLines(agreementReport(summaries), name, uri.toString(), [`From ${paths.map(path => basename(path)).join(', ')}.`, ...broken]));
  } catch (error) {
    log.error(`agreement could not be read: ${errorLabel(error)}`);
    void vscode.window.showErrorMessage(`The reviews of ${name} cannot be read (${errorLabel(error)}). Check that the .kedrec.jsonl files beside it may be read.`);
    return undefined;
  }
}

/** The report as lines that lead to the records. */
export function agreementLines(report: AgreementReport, name: string, uri: string, sources: readonly string[]): readonly ReportLine[] {
  const lines: ReportLine[] = [`# Reviewer agreement on ${name}`, '', ...sources, ''].map(text => ({ text }));
  const add = (...texts: readonly string[]) => { for (const text of texts) { lines.push({ text }); } };
  add(...report.reviewers.map(({ name: reviewer, judged, skipped, adjudicated }) => `- ${reviewer}: ${judged} judged, ${skipped} skipped${adjudicated > 0 ? `, ${adjudicated} adjudicated` : ''}`));
  const advice = agreementAdvice(report);
  if (advice.length > 0) { add('', ...advice.map(text => `> ${text}`)); }
  const rows: [string, AgreementFigures][] = [['all', report.overall], ...decisions.map((decision): [string, AgreementFigures] => [decision, report.byDecision[decision]]), ...report.pairs.map(({ reviewers, figures }): [string, AgreementFigures] => [reviewers.join(' and '), figures])];
  const cells = [['decision', 'drugs', 'raw agreement', report.overall.statistic === 'cohen' ? 'Cohen\'s kappa' : 'Fleiss\' kappa'], ...rows.map(([of, figures]) => [of, String(figures.units), figures.units === 0 ? '-' : estimateText(figures.raw), figures.units === 0 ? '-' : estimateText(figures.kappa)])];
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map(row => row[column]!.length)));
  const row = (values: readonly string[]) => `| ${values.map((value, column) => value.padEnd(widths[column]!)).join(' | ')} |`;
  add('', 'Drugs of cases that two or more people judged, with 95 % intervals:', '', row(cells[0]!), row(widths.map(width => '-'.repeat(width))), ...cells.slice(1).map(row));
  const { disagreements } = report;
  const open = disagreements.filter(({ standing }) => standing.verdict === 'disputed').length;
  add('', `## Disagreements (${disagreements.length}, ${open} not adjudicated)`, '');
  if (open > 0) { add('Adjudicate them in the annotation queue: filter "Reviewers disagree".', ''); }
  for (const disagreement of disagreements.slice(0, mostListed)) {
    const place = placeOfAnchor(disagreement.anchor);
    lines.push({ text: `- ${place}, ${disagreement.drug.name} (${disagreement.decision}): ${verdictsText(disagreement)}`, link: { part: place, target: { uri, annotationId: disagreement.annotationId, start: disagreement.anchor.start } } });
  }
  if (disagreements.length > mostListed) { add(`- and ${disagreements.length - mostListed} more: kedrec agreement --list ${disagreements.length}`); }
  add('', agreementMethod);
  return lines;
}
