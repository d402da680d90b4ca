import * as vscode from 'vscode';
import { withPlainLineBreaks } from '../../core/dataset/anchors';
import { Assembler } from '../../core/dataset/formats/assemble';
import { formatOfProbe } from '../../core/dataset/formats/detect';
import { JsonProbe } from '../../core/dataset/formats/jsonShape';
import { datasetFormat } from '../../core/dataset/records';
import type { DatasetFormat, RecordProblem } from '../../core/dataset/recordTypes';
import { commands } from '../ids';
import { errorLabel, type Log } from '../log';
import { toRange } from '../recommend/caseTarget';
import type { DatasetMappings } from './mappings';

// What is shown at most; the last one says how many there are.
const shown = 200;
const pauseMs = 400;
const pauseLargeMs = 2000;
const largeText = 5_000_000;
/** Characters between which others get their turn; a slice takes some milliseconds. */
const slice = 256 * 1024;

/** Shows what is wrong with the datasets that are visible, at its place. Works in slices after a pause in typing; a newer edit ends the work. */
export class DatasetDiagnostics implements vscode.Disposable {
  private readonly collection = vscode.languages.createDiagnosticCollection('kedrec');
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly subscriptions: vscode.Disposable[];

  constructor(private readonly mappings: DatasetMappings, private readonly log: Log) {
    this.subscriptions = [
      this.collection,
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => { if (contentChanges.length > 0) { this.schedule(document); } }),
      vscode.window.onDidChangeVisibleTextEditors(editors => { for (const { document } of editors) { if (!this.collection.has(document.uri)) { this.schedule(document); } } }),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.forget(uri)),
      mappings.onDidChange(() => this.start()),
      vscode.languages.registerCodeActionsProvider({ scheme: '*' }, { provideCodeActions: (_document, _range, { diagnostics }) => mapAction(diagnostics) }, { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] }),
    ];
  }

  /** Looks at what is visible already. */
  start(): void { for (const { document } of vscode.window.visibleTextEditors) { this.schedule(document); } }

  dispose(): void {
    for (const timer of this.timers.values()) { clearTimeout(timer); }
    for (const subscription of this.subscriptions) { subscription.dispose(); }
  }

  private forget(uri: vscode.Uri): void {
    clearTimeout(this.timers.get(uri.toString()));
    this.timers.delete(uri.toString());
    this.collection.delete(uri);
  }

  private schedule(document: vscode.TextDocument): void {
    // What cannot be a dataset costs nothing; notes have no schema.
    if (!datasetFormat(document.fileName, document.languageId)) { return; }
    const key = document.uri.toString();
    clearTimeout(this.timers.get(key));
    const large = document.lineCount > 100_000 || document.offsetAt(new vscode.Position(document.lineCount, 0)) > largeText;
    this.timers.set(key, setTimeout(() => {
      this.timers.delete(key);
      this.check(document).catch((error: unknown) => this.log.error(`dataset could not be checked: ${errorLabel(error)}`));
    }, large ? pauseLargeMs : pauseMs));
  }

  private async check(document: vscode.TextDocument): Promise<void> {
    const { version } = document;
    const isCurrent = () => !document.isClosed && document.version === version;
    if (!isCurrent()) { return; }
    const text = withPlainLineBreaks(document.getText());
    const named = datasetFormat(document.fileName, document.languageId);
    const mapping = this.mappings.of(document, text);
    const probe = new JsonProbe();
    if (named === 'json') {
      for (let at = 0; at < text.length && probe.push(text.slice(at, at + slice)); at += slice) {
        await breath();
        if (!isCurrent()) { return; }
      }
    }
    const format = named === 'json' ? formatOfProbe(probe, text, mapping) : named;
    if (!format) { this.collection.delete(document.uri); return; }
    const found = new ProblemList();
    const assembler = new Assembler(format, found, mapping, format === 'json' ? probe.shape(mapping)?.shape : undefined);
    for (let at = 0; at < text.length; at += slice) {
      assembler.push(text.slice(at, at + slice));
      await breath();
      if (!isCurrent()) { return; }
    }
    assembler.end();
    const wide = /^utf-?16/i.test(document.encoding) ? [encodingProblem(document)] : [];
    this.collection.set(document.uri, [...wide, ...found.problems(format).map(problem => toDiagnostic(document, problem))]);
  }
}

/** The first problems of a file and how many there are; records that all lack a case text are one problem of the file. */
class ProblemList {
  private readonly first: RecordProblem[] = [];
  private records = 0;
  private count = 0;
  private withoutText = 0;

  record(): void { this.records++; }

  problem(problem: RecordProblem): void {
    this.count++;
    if (problem.code === 'no-case-text') { this.withoutText++; }
    if (this.first.length < shown) { this.first.push(problem); }
  }

  problems(format: DatasetFormat): readonly RecordProblem[] {
    const missing = this.first.find(({ code }) => code === 'no-case-text');
    if (this.records === 0 && missing && this.withoutText > 1) {
      // What is not recognised are the names, and a table has them in its header.
      const place = format === 'csv' ? { ...missing, line: 1, span: undefined } : missing;
      return [{ ...place, severity: 'warning', message: `no field of these records is recognised as case text or disease; if this is a dataset of cases, run "KEDRec: Map Dataset Fields"` }, ...this.first.filter(({ code }) => code !== 'no-case-text')];
    }
    const last = this.first.at(-1);
    if (this.count <= shown || !last) { return this.first; }
    return [...this.first, { ...last, severity: 'warning', message: `the file has ${this.count.toLocaleString('en')} problems; the first ${shown} are shown` }];
  }
}

function toDiagnostic(document: vscode.TextDocument, { line, span, severity, message, code }: RecordProblem): vscode.Diagnostic {
  const range = span ? toRange(document, span) : document.lineAt(Math.min(line, document.lineCount) - 1).range;
  const text = message[0]!.toUpperCase() + message.slice(1);
  const diagnostic = new vscode.Diagnostic(range, `${text}.`, severity === 'error' ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning);
  diagnostic.source = 'KEDRec';
  if (code) { diagnostic.code = code; }
  return diagnostic;
}

/** The editor reads UTF-16; the batch and the command line do not. */
function encodingProblem(document: vscode.TextDocument): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(document.lineAt(0).range, 'The file is UTF-16. The editor can read it, but annotating it from disk and other programs need UTF-8: choose "Save with Encoding" in the status bar and UTF-8.', vscode.DiagnosticSeverity.Warning);
  diagnostic.source = 'KEDRec';
  return diagnostic;
}

function mapAction(diagnostics: readonly vscode.Diagnostic[]): vscode.CodeAction[] {
  const about = diagnostics.filter(({ source, code }) => source === 'KEDRec' && code === 'no-case-text');
  if (about.length === 0) { return []; }
  const action = new vscode.CodeAction('Map Dataset Fields...', vscode.CodeActionKind.QuickFix);
  action.command = { command: commands.mapFields, title: action.title };
  action.diagnostics = about;
  return [action];
}

function breath(): Promise<void> { return new Promise(resolve => setImmediate(resolve)); }
