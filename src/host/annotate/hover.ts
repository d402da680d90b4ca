import * as vscode from 'vscode';
import type { Recommendation } from '../../core/engine/types';
import { commands } from '../ids';
import type { AnnotationService } from './annotationService';
import { decisionLabel, provenanceLine, researchUse } from '../../shared/labels';

/** Hover over an annotated case: the recommendations in short, and a link to the panel. Model text is escaped; only our own command can run. */
export function registerHover(annotations: AnnotationService): vscode.Disposable {
  return vscode.languages.registerHoverProvider([{ scheme: 'file' }, { scheme: 'untitled' }, { scheme: 'vscode-remote' }], {
    provideHover(document, position) {
      const owner = annotations.of(document);
      const placed = owner?.at(position);
      const range = placed && owner?.rangeOf(placed);
      if (!placed || !range) { return undefined; }
      const { result, id } = placed.annotation;
      const text = new vscode.MarkdownString(undefined, true);
      text.isTrusted = { enabledCommands: [commands.openAnnotation, commands.insert] };
      text.appendMarkdown('**KEDRec**  \n');
      for (const recommendation of result.recommendations.slice(0, 4)) { appendRecommendation(text, recommendation); }
      const more = result.recommendations.length - 4;
      if (more > 0) { text.appendMarkdown(`${more} more in the panel\n\n`); }
      if (placed.edited) { text.appendMarkdown('$(warning) The case was edited after this recommendation.\n\n'); }
      const argument = encodeURIComponent(JSON.stringify([id]));
      text.appendMarkdown(`[Open Rationale](command:${commands.openAnnotation}?${argument}) \u00b7 [Insert into File](command:${commands.insert}?${argument})\n\n`);
      text.appendMarkdown(`${plain(provenanceLine(result.provenance))}  \n${plain(researchUse)}`);
      return new vscode.Hover(text, range);
    },
  });
}

function appendRecommendation(text: vscode.MarkdownString, { drug, decision, confidence, rationale, safety }: Recommendation): void {
  const icon = { recommend: '$(check)', consider: '$(question)', avoid: '$(circle-slash)', 'insufficient-evidence': '$(dash)' }[decision];
  text.appendMarkdown(`${icon} **${decisionLabel[decision]}** `);
  const warning = safety.find(flag => flag.level === 'avoid');
  text.appendMarkdown(`${plain(drug.name)} (${confidence.toFixed(2)})  \n${plain(warning?.reason ?? rationale.summary)}\n\n`);
}

/** Text for Markdown that shows as it is. Not `appendText`: it makes every space a hard one, and long lines would not wrap. */
function plain(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_{}[\]()#+\-!~<>&|$]/g, '\\$&');
}
