import * as vscode from 'vscode';
import { reviewState, reviewStateLabel } from '../../core/dataset/reviewState';
import { withPlainLineBreaks } from '../../core/dataset/anchors';
import { datasetFormat, indexRecords } from '../../core/dataset/records';
import { decisionLabel } from '../../shared/labels';
import { commands } from '../ids';
import type { DatasetMappings } from '../dataset/mappings';
import { toPlainOffset, toRange } from '../recommend/caseTarget';
import { readSettings } from '../settings';
import type { AnnotationService } from './annotationService';
import type { CurrentAnnotation } from './currentAnnotation';
import type { PlacedAnnotation } from './documentAnnotations';
import { reasonInWords } from './stateInWords';

/** Above the record under the cursor and the next one without a review, and nowhere else: what can be done with it. */
export class ReviewLenses implements vscode.CodeLensProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly subscriptions: vscode.Disposable[];
  readonly onDidChangeCodeLenses = this.changed.event;

  constructor(private readonly annotations: AnnotationService, private readonly current: CurrentAnnotation, private readonly mappings: DatasetMappings) {
    this.subscriptions = [
      this.changed,
      current.onDidChange(() => this.changed.fire()),
      vscode.languages.registerCodeLensProvider([{ scheme: 'file' }, { scheme: 'untitled' }, { scheme: 'vscode-remote' }], this),
    ];
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const editor = vscode.window.activeTextEditor?.document === document ? vscode.window.activeTextEditor : vscode.window.visibleTextEditors.find(shown => shown.document === document);
    if (!editor) { return []; }
    const owner = this.annotations.of(document);
    const here = this.current.get(editor);
    const next = owner && this.current.unreviewed(editor, 'next');
    const lenses = [here, next].flatMap(placed => (placed && owner ? this.lensesOf(document, placed, owner.rangeOf(placed)!) : []));
    return here ? lenses : [...this.recommendLens(editor), ...lenses];
  }

  dispose(): void { for (const subscription of this.subscriptions) { subscription.dispose(); } }

  /** On a record that is not annotated. In prose every paragraph could be a case: there the command and its key do, and the text stays as it is. */
  private recommendLens({ document, selection: { active } }: vscode.TextEditor): vscode.CodeLens[] {
    if (document.lineAt(active.line).isEmptyOrWhitespace) { return []; }
    const named = datasetFormat(document.fileName, document.languageId);
    let { line } = active;
    if (document.offsetAt(document.lineAt(document.lineCount - 1).range.end) <= mostCut) {
      const text = withPlainLineBreaks(document.getText());
      const format = this.mappings.formatOf(document, text);
      const index = format && indexRecords(text, format, this.mappings.of(document, text));
      const at = index?.indexAt(toPlainOffset(document, active));
      if (!index || at === undefined) { return []; }
      ({ start: { line } } = toRange(document, index.spanOf(at)));
    } else if (named !== 'jsonl' && (named !== 'csv' || line === 0)) { return []; }
    return [new vscode.CodeLens(new vscode.Range(line, 0, line, 0), { title: '$(beaker) Recommend', command: commands.recommend, tooltip: 'Recommend drugs for this record' })];
  }

  private lensesOf(document: vscode.TextDocument, { annotation }: PlacedAnnotation, range: vscode.Range): vscode.CodeLens[] {
    const at = new vscode.Range(range.start, range.start);
    const { reviewer } = readSettings(document.uri);
    const state = reviewState(annotation, reviewer);
    const lens = (title: string, command: string, tooltip: string) => new vscode.CodeLens(at, { title, command, tooltip, arguments: [annotation.id] });
    const recommend = lens('$(beaker) Recommend', commands.recommendAgain, 'Ask again for this case');
    if (state === 'failed') { return [lens(`$(warning) Failed (${reasonInWords(annotation.failure!.reason)})`, commands.whyHere, annotation.failure!.message), recommend]; }
    const leading = annotation.recommendations[0];
    const name = leading ? leading.drug.name : 'empty answer';
    if (state !== 'unreviewed') {
      return [
        lens(`${stateIcon[state]} ${name}: ${reviewStateLabel[state]}`, commands.openAnnotation, 'Open the rationale'),
        lens('Undo Review', commands.undoReview, 'Take this review back'), recommend,
      ];
    }
    return [
      recommend,
      lens(`$(check) Accept ${leading && leading.decision !== 'recommend' ? `"${decisionLabel[leading.decision]} ${name}"` : name}`, commands.accept, 'Accept the leading recommendation'),
      lens('$(edit) Edit', commands.edit, 'Keep it with a rationale in your own words'),
      lens('$(x) Reject', commands.reject, 'Reject the leading recommendation'),
      lens('$(debug-step-over) Skip', commands.skip, 'Decide nothing'),
    ];
  }
}

/** Characters of a file that is cut into records for the sake of one lens; in longer ones the line under the cursor is taken for the record. */
const mostCut = 2_000_000;

const stateIcon = { accepted: '$(check)', edited: '$(edit)', rejected: '$(x)', skipped: '$(debug-step-over)' } as const;
