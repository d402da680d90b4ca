import * as vscode from 'vscode';
import { reviewState, reviewStates, type ReviewState } from '../../core/dataset/reviewState';
import type { ResultConcept } from '../../core/recommend/types';
import { readSettings } from '../settings';
import type { AnnotationService } from './annotationService';
import type { DocumentAnnotations, PlacedAnnotation } from './documentAnnotations';
import { placementRange } from './placement';
import { stateInWords } from './stateInWords';

type Mentions = Record<'disease' | 'drug' | 'allergy' | 'absent', vscode.Range[]>;

const refreshMs = 50;
/** Cases whose words are underlined at the same time: their results are read from disk. */
const mostUnderlined = 12;
/** Behind so many characters an end-of-line text is out of sight, unless lines wrap. */
const farColumn = 80;

/**
 * Marks annotated cases in the editor: a line beside them, gutter icon and overview ruler by review state, the decision in words at the end of the
 * line, and what was understood underlined. Only what is visible is decorated.
 */
export class CaseDecorations implements vscode.Disposable {
  private readonly caseType = vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    backgroundColor: new vscode.ThemeColor('kedrec.caseBackground'),
    borderColor: new vscode.ThemeColor('kedrec.caseBorder'),
    borderStyle: 'solid',
    borderWidth: '0 0 0 2px',
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  });

  private readonly summaryType = vscode.window.createTextEditorDecorationType({
    after: { color: new vscode.ThemeColor('kedrec.decisionForeground'), fontStyle: 'italic' },
    before: { color: new vscode.ThemeColor('kedrec.decisionForeground'), fontStyle: 'italic' },
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  });

  private readonly stateTypes: Readonly<Record<ReviewState, vscode.TextEditorDecorationType>>;

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
  private readonly timers = new Map<vscode.TextEditor, NodeJS.Timeout>();
  private readonly subscriptions: vscode.Disposable[] = [];

  constructor(private readonly annotations: AnnotationService, extensionUri: vscode.Uri) {
    this.stateTypes = Object.fromEntries(reviewStates.map(state => [state, stateType(extensionUri, state)])) as Record<ReviewState, vscode.TextEditorDecorationType>;
    this.subscriptions.push(
      annotations.onDidChange(uri => this.refresh(uri)),
      vscode.window.onDidChangeTextEditorVisibleRanges(event => this.later(event.textEditor)),
      vscode.window.onDidChangeVisibleTextEditors(editors => { for (const editor of editors) { this.later(editor); } }),
      vscode.workspace.onDidChangeConfiguration(event => { if (event.affectsConfiguration('kedrec.reviewer')) { for (const editor of vscode.window.visibleTextEditors) { this.later(editor); } } }),
      this.caseType, this.summaryType, this.workingType, ...Object.values(this.mentionTypes), ...Object.values(this.stateTypes),
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

  dispose(): void {
    for (const timer of this.timers.values()) { clearTimeout(timer); }
    for (const subscription of this.subscriptions) { subscription.dispose(); }
  }

  private refresh(uri: vscode.Uri): void {
    for (const editor of vscode.window.visibleTextEditors) { if (editor.document.uri.toString() === uri.toString()) { this.later(editor); } }
  }

  /** Soon, and once for many changes. */
  private later(editor: vscode.TextEditor): void {
    if (this.timers.has(editor)) { return; }
    this.timers.set(editor, setTimeout(() => {
      this.timers.delete(editor);
      if (vscode.window.visibleTextEditors.includes(editor)) { void this.decorate(editor); }
    }, refreshMs));
  }

  private async decorate(editor: vscode.TextEditor): Promise<void> {
    const { document } = editor;
    const owner = this.annotations.of(document);
    const { reviewer } = readSettings(document.uri);
    const shown = new Map<string, { readonly placed: PlacedAnnotation; readonly range: vscode.Range }>();
    for (const visible of owner ? editor.visibleRanges : []) {
      for (const placed of owner!.within(visible)) { shown.set(placed.annotation.id, { placed, range: owner!.rangeOf(placed)! }); }
    }
    const cases = [...shown.values()];
    const wraps = vscode.workspace.getConfiguration('editor', document).get('wordWrap') !== 'off';
    editor.setDecorations(this.caseType, cases.map(({ range }) => range));
    editor.setDecorations(this.summaryType, cases.map(({ placed, range }) => summaryDecoration(document, placed, range, reviewer, wraps)));
    for (const state of reviewStates) {
      editor.setDecorations(this.stateTypes[state], cases.filter(({ placed }) => reviewState(placed.annotation, reviewer) === state).map(({ range }) => new vscode.Range(range.start, range.start)));
    }
    await this.underlineMentions(editor, owner, cases.map(({ placed }) => placed));
  }

  private async underlineMentions(editor: vscode.TextEditor, owner: DocumentAnnotations | undefined, cases: readonly PlacedAnnotation[]): Promise<void> {
    const mentions: Mentions = { disease: [], drug: [], allergy: [], absent: [] };
    const { version } = editor.document;
    // Left out when the case was edited since, and for records, whose text stands escaped in the file.
    for (const { annotation } of cases.filter(placed => !placed.edited && !placed.annotation.anchor.record && !placed.annotation.failure).slice(0, mostUnderlined)) {
      const result = await this.annotations.detail(annotation.id).catch(() => undefined);
      if (editor.document.version !== version) { return; }
      const placed = owner?.find(annotation.id);
      if (result && placed) { collectMentions(editor.document, placed, result.case, mentions); }
    }
    for (const kind of ['disease', 'drug', 'allergy', 'absent'] as const) { editor.setDecorations(this.mentionTypes[kind], mentions[kind]); }
  }

  private underline(color: string, style: 'solid' | 'dotted' | 'wavy'): vscode.TextEditorDecorationType {
    return vscode.window.createTextEditorDecorationType({ borderColor: new vscode.ThemeColor(color), borderStyle: style === 'wavy' ? 'double' : style, borderWidth: style === 'wavy' ? '0 0 3px 0' : '0 0 2px 0' });
  }
}

/** Icon beside the line numbers and mark in the overview ruler. Each state has a shape of its own: colour only repeats it. */
function stateType(extensionUri: vscode.Uri, state: ReviewState): vscode.TextEditorDecorationType {
  const icon = (theme: string) => ({ gutterIconPath: vscode.Uri.joinPath(extensionUri, 'media', 'gutter', `${state}-${theme}.svg`), gutterIconSize: 'contain' });
  return vscode.window.createTextEditorDecorationType({
    light: icon('light'), dark: icon('dark'), overviewRulerColor: new vscode.ThemeColor(`kedrec.${state}`), overviewRulerLane: vscode.OverviewRulerLane.Left,
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  });
}

/**
 * Decision and review state in words: at the end of the case's first line; on the blank line above it, where it has the whole width; before the line where
 * its end is out of sight (VS Code draws no line beyond 10,000 characters).
 */
function summaryDecoration(document: vscode.TextDocument, placed: PlacedAnnotation, range: vscode.Range, reviewer: string, wraps: boolean): vscode.DecorationOptions {
  // Lines of records leave little room: there the icon says whose words these are.
  const contentText = `${placed.annotation.anchor.record ? '' : 'KEDRec: '}${stateInWords(placed, reviewer)}`;
  const { line } = range.start;
  if (line > 0 && !placed.annotation.anchor.record && document.lineAt(line - 1).isEmptyOrWhitespace) {
    const { end } = document.lineAt(line - 1).range;
    return { range: new vscode.Range(end, end), renderOptions: { after: { contentText, margin: '0' } } };
  }
  const { end } = document.lineAt(line).range;
  if (end.character > (wraps ? 9000 : farColumn)) {
    const start = new vscode.Position(line, 0);
    return { range: new vscode.Range(start, start), renderOptions: { before: { contentText, margin: '0 1em 0 0' } } };
  }
  return { range: new vscode.Range(end, end), renderOptions: { after: { contentText, margin: '0 0 0 2em' } } };
}

function collectMentions(document: vscode.TextDocument, placed: PlacedAnnotation, { diseases, drugs, allergies }: { diseases: readonly ResultConcept[]; drugs: readonly ResultConcept[]; allergies: readonly ResultConcept[] }, into: Mentions): void {
  const add = (kind: 'disease' | 'drug' | 'allergy', concepts: readonly ResultConcept[]) => {
    for (const { mentions } of concepts) {
      for (const mention of mentions) {
        const present = kind === 'allergy' || mention.assertion === 'present';
        const range = placementRange(document, placed, mention);
        if (range) { into[present ? kind : 'absent'].push(range); }
      }
    }
  };
  add('disease', diseases);
  add('drug', drugs);
  add('allergy', allergies);
}
