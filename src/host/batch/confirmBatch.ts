import * as vscode from 'vscode';
import { engineView } from '../endpoint/engineView';
import type { Settings } from '../settings';
import type { BatchCount, BatchSource } from './batchSource';

export type Confirmed = 'waiting' | 'with-failed' | 'again';

/** Says how many records would be asked about, by what, and where the answers go; undefined when the user would rather not. */
export async function confirmBatch(source: BatchSource, count: BatchCount | undefined, settings: Settings, retryFailed: boolean): Promise<Confirmed | undefined> {
  const { label, action, also, question, detail } = batchQuestion(source, count, settings, retryFailed);
  const choice = await vscode.window.showInformationMessage(question, { modal: true, detail }, ...[label, ...(also ? [also] : [])].filter(text => text !== undefined));
  if (choice === undefined) { return undefined; }
  return choice === also ? 'with-failed' : action;
}

interface BatchQuestion {
  readonly question: string;
  readonly detail: string;
  readonly label?: string;
  readonly also?: string;
  readonly action: Confirmed;
}

/** The words of the question. */
export function batchQuestion(source: BatchSource, count: BatchCount | undefined, settings: Settings, retryFailed: boolean): BatchQuestion {
  const where = source.sidecar?.path.split('/').pop();
  const kept = `Answers are kept in ${where}, one line each; pause, cancel and resume whenever you like.`;
  const engine = settings.engine === 'evidence' ? 'By the evidence engine, on this machine: nothing is sent.' : `By ${engineView(settings).label}, ${settings.batchConcurrency} at a time.`;
  if (!count) {
    const size = ((source.largeBytes ?? 0) / 1_000_000).toLocaleString('en', { maximumFractionDigits: 0 });
    return { question: `Annotate the records of ${source.name}?`, detail: `The file has ${size} MB; its records are counted while it is annotated. ${engine}\n\n${kept}`, label: 'Annotate', also: retryFailed ? undefined : 'Annotate, Retry Failed', action: retryFailed ? 'with-failed' : 'waiting' };
  }
  const asked = count.waiting + (retryFailed ? count.failed : 0);
  const facts = [
    ...(count.done > 0 ? [`${records(count.done)} ${count.done === 1 ? 'is' : 'are'} annotated already and stay${count.done === 1 ? 's' : ''} as ${count.done === 1 ? 'it is' : 'they are'}.`] : []),
    ...(count.failed > 0 && !retryFailed ? [`${records(count.failed)} failed in an earlier run.`] : []),
    ...(count.broken > 0 ? [`${records(count.broken)} cannot be read and will be listed.`] : []),
  ].join(' ');
  const all = source.scope === 'selection' ? 'selected records' : `records of ${source.name}`;
  if (asked === 0 && count.failed > 0) {
    return { question: `All other ${all} are annotated. Ask again for the ${count.failed} that failed?`, detail: `${facts} ${engine}`.trim(), label: `Retry ${count.failed} Failed`, action: 'with-failed' };
  }
  if (asked === 0) {
    return { question: count.done > 0 ? `All ${all} are annotated already.` : `${source.name} holds no record that can be annotated.`, detail: count.done > 0 ? `Annotating again adds a second annotation to each; the newest is shown. ${engine}` : facts, label: count.done > 0 && source.scope === 'selection' ? 'Annotate Again' : undefined, action: 'again' };
  }
  const also = !retryFailed && count.failed > 0 ? `Annotate, Retry ${count.failed} Failed` : undefined;
  return { question: `Annotate ${asked.toLocaleString('en')} of ${count.total.toLocaleString('en')} ${all}?`, detail: `${[facts, engine].filter(text => text !== '').join(' ')}\n\n${kept}`, label: `Annotate ${records(asked)}`.replace('records', 'Records').replace('record', 'Record'), also, action: retryFailed ? 'with-failed' : 'waiting' };
}

function records(count: number): string { return `${count.toLocaleString('en')} ${count === 1 ? 'record' : 'records'}`; }
