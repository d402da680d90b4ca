import * as vscode from 'vscode';
import type { ResultConcept } from '../../core/recommend/types';
import type { AnnotationService } from './annotationService';
import type { PlacedAnnotation } from './documentAnnotations';
import { placementRange } from './placement';
import { decisionLabel } from '../../shared/labels';

/** Marks annotated cases in the editor: a line beside them, an end-of-line summary, and what was understood underlined. Only what is visible is decorated. */
export class CaseDecorations implements vscode.Disposable {
  private readonly caseType = vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    backgroundColor: new vscode.ThemeColor('kedrec.caseBackground'),
    borderColor: new vscode.ThemeColor('kedrec.caseBorder'),
    borderStyle: 'solid',
    borderWidth: '0 0 0 2px',
    overviewRulerColor: new vscode.ThemeColor('kedrec.caseBorder'),
    overviewRulerLane: vscode.OverviewRulerLane.Left,
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  });

  private readonly summaryType = vscode.window.createTextEditorDecorationType({
    after: { color: new vscode.ThemeColor('editorCodeLens.foreground'), fontStyle: 'italic' },
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  });

  private readonly mentionTypes = {
    disease: this.underline('kedrec.diseaseMention', 'solid'),
    drug: this.underline('kedrec.drugMention', 'dotted'),
    allergy: this.underline('kedrec.allergyMention', 'wavy'),
    absent: vscode.window.createTextEditorDecorationType({ textDecoration: 'underline dashed 1px', opacity: '0.75' }),
  };

  private readonly workingType = vscode.window.createTextEditorDecorationType({
    isWholeLine: true, backgroundColor: new vscode.ThemeColor('editor.rangeHighlightBackground'), overviewRulerColor: new vscode.ThemeColor('kedrec.caseBorder'),
  });

  private working: { readonly uri: string; readonly range: vscode.Range } | undefined;
  private readonly subscriptions: vscode.Disposable[] = [];

  constructor(private readonly annotations: AnnotationService) {
    this.subscriptions.push(
      annotations.onDidChange(uri => this.refresh(uri)),
      vscode.window.onDidChangeTextEditorVisibleRanges(event => this.decorate(event.textEditor)),
      vscode.window.onDidChangeVisibleTextEditors(editors => { for (const editor of editors) { this.decorate(editor); } }),
      this.caseType, this.summaryType, this.workingType, ...Object.values(this.mentionTypes),
    );
  }

  /** Shows what a running command took; `undefined` takes the mark away. */
  showWorking(document: vscode.TextDocument | undefined, range?: vscode.Range): void {
    const before = this.working?.uri;
    this.working = document && range ? { uri: document.uri.toString(), range } : undefined;
    for (const editor of vscode.window.visibleTextEditors) {
      const uri = editor.document.uri.toString();
      if (uri === before || uri === this.working?.uri) { editor.setDecorations(this.workingType, this.working?.uri === uri ? [this.working.range] : []); }
    }
  }

  dispose(): void { for (const subscription of this.subscriptions) { subscription.dispose(); } }

  private refresh(uri: vscode.Uri): void {
    for (const editor of vscode.window.visibleTextEditors) { if (editor.document.uri.toString() === uri.toString()) { this.decorate(editor); } }
  }

  private decorate(editor: vscode.TextEditor): void {
    const owner = this.annotations.of(editor.document);
    const visible = (owner?.all ?? []).flatMap(placed => {
      const range = owner!.rangeOf(placed);
      return range && editor.visibleRanges.some(shown => shown.intersection(range)) ? [{ placed, range }] : [];
    });
    // The latest annotation of a case speaks for it: earlier ones at the same place stay in the list and the hover.
    const latest = visible.filter(({ placed, range }) => !visible.some(other => other.range.isEqual(range) && other.placed.annotation.at > placed.annotation.at));
    editor.setDecorations(this.caseType, latest.map(({ range }) => range));
    editor.setDecorations(this.summaryType, latest.map(({ placed, range }) => summaryDecoration(editor.document, placed, range)));
    const mentions = { disease: [] as vscode.Range[], drug: [] as vscode.Range[], allergy: [] as vscode.Range[], absent: [] as vscode.Range[] };
    for (const { placed } of latest) { collectMentions(editor.document, placed, mentions); }
    for (const kind of ['disease', 'drug', 'allergy', 'absent'] as const) { editor.setDecorations(this.mentionTypes[kind], mentions[kind]); }
  }

  private underline(color: string, style: 'solid' | 'dotted' | 'wavy'): vscode.TextEditorDecorationType {
    return vscode.window.createTextEditorDecorationType({ borderColor: new vscode.ThemeColor(color), borderStyle: style === 'wavy' ? 'double' : style, borderWidth: style === 'wavy' ? '0 0 3px 0' : '0 0 2px 0' });
  }
}

/**
 * Summary on the blank line above the case, where it has the whole width, else at the end of the case's first line. Words say it, colour only repeats it.
 */
function summaryDecoration(document: vscode.TextDocument, placed: PlacedAnnotation, range: vscode.Range): vscode.DecorationOptions {
  const { result, reviews } = placed.annotation;
  const best = result.recommendations[0];
  const reviewed = [...reviews.values()].filter(list => list.length > 0).length;
  const above = range.start.line > 0 && document.lineAt(range.start.line - 1).isEmptyOrWhitespace;
  const parts = [
    best ? `${decisionLabel[best.decision]} ${best.drug.name}` : 'No recommendation',
    `${reviewed} of ${result.recommendations.length} reviewed`,
    ...(placed.edited ? ['case edited since'] : []),
  ];
  const end = document.lineAt(range.start.line - (above ? 1 : 0)).range.end;
  return { range: new vscode.Range(end, end), renderOptions: { after: { contentText: `KEDRec: ${parts.join(' \u00b7 ')}`, margin: above ? '0' : '0 0 0 2em' } } };
}

/** Ranges of what was understood. Left out when the case was edited since, and for records, whose text stands escaped in the file. */
function collectMentions(document: vscode.TextDocument, placed: PlacedAnnotation, into: Record<'disease' | 'drug' | 'allergy' | 'absent', vscode.Range[]>): void {
  const { edited, annotation } = placed;
  if (edited || annotation.anchor.record) { return; }
  const add = (kind: 'disease' | 'drug' | 'allergy', concepts: readonly ResultConcept[]) => {
    for (const { mentions } of concepts) {
      for (const mention of mentions) {
        const present = kind === 'allergy' || mention.assertion === 'present';
        const range = placementRange(document, placed, mention);
        if (range) { into[present ? kind : 'absent'].push(range); }
      }
    }
  };
  const { diseases, drugs, allergies } = annotation.result.case;
  add('disease', diseases);
  add('drug', drugs);
  add('allergy', allergies);
}
