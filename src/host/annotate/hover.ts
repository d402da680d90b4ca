import * as vscode from 'vscode';
import type { Citation, Claim, Recommendation } from '../../core/engine/types';
import type { AnnotationSummary } from '../../core/dataset/summary';
import { ownReview, reviewState } from '../../core/dataset/reviewState';
import { commands } from '../ids';
import { readSettings } from '../settings';
import type { AnnotationService } from './annotationService';
import { decisionLabel, groundingLabel, provenanceLine, researchUse } from '../../shared/labels';
import { reasonInWords } from './stateInWords';

const shownClaims = 4;
const shownOthers = 3;
const linkMs = 1500;

/** The address of an evidence document as the evidence index or the knowledge graph has it. */
export type AddressOf = (documentId: string) => Promise<string | undefined>;

/**
 * Hover over an annotated case: the leading recommendation with its rationale and citations, the others in short. All text is escaped; links are the
 * https addresses of our own evidence records, never those of a sidecar; only our own commands can run.
 */
export function registerHover(annotations: AnnotationService, addressOf: AddressOf): vscode.Disposable {
  return vscode.languages.registerHoverProvider([{ scheme: 'file' }, { scheme: 'untitled' }, { scheme: 'vscode-remote' }], {
    async provideHover(document, position, token) {
      const owner = annotations.of(document);
      const placed = owner?.at(position);
      const range = placed && owner?.rangeOf(placed);
      if (!placed || !range) { return undefined; }
      const text = new vscode.MarkdownString(undefined, true);
      text.isTrusted = { enabledCommands: [commands.openAnnotation, commands.insert, commands.whyHere] };
      const { annotation } = placed;
      if (annotation.failure) {
        text.appendMarkdown(`**KEDRec**  \n$(warning) Failed (${plain(reasonInWords(annotation.failure.reason))}): ${plain(annotation.failure.message)}`);
        return new vscode.Hover(text, range);
      }
      text.appendMarkdown(`**KEDRec** \u00b7 ${stateLine(annotation, readSettings(document.uri).reviewer)}\n\n`);
      try {
        const result = await annotations.detail(annotation.id);
        if (!result || token.isCancellationRequested) { return undefined; }
        const [leading, ...others] = result.recommendations;
        if (leading) { await appendLeading(text, leading, addressOf); } else { text.appendMarkdown(`${plain(result.nothing?.reason ?? 'No recommendation.')}\n\n`); }
        for (const other of others.slice(0, shownOthers)) { text.appendMarkdown(`${headline(other)}\n\n`); }
        if (others.length > shownOthers) { text.appendMarkdown(`${others.length - shownOthers} more in the panel\n\n`); }
        if (placed.edited) { text.appendMarkdown('$(warning) The case was edited after this recommendation.\n\n'); }
        const argument = encodeURIComponent(JSON.stringify([annotation.id]));
        text.appendMarkdown(`[Open Rationale](command:${commands.openAnnotation}?${argument}) \u00b7 [Insert into File](command:${commands.insert}?${argument}) \u00b7 [Why Is This One Here](command:${commands.whyHere}?${argument})\n\n`);
        text.appendMarkdown(`${plain(provenanceLine(result.provenance))}  \n${plain(researchUse)}`);
      } catch (error) {
        text.appendMarkdown(`$(warning) ${plain(error instanceof Error ? error.message : 'The recommendation could not be read.')}`);
      }
      return new vscode.Hover(text, range);
    },
  });
}

function stateLine(annotation: AnnotationSummary, reviewer: string): string {
  const own = ownReview(annotation, reviewer);
  return own?.rationale ? `${reviewState(annotation, reviewer)}: ${plain(own.rationale)}` : reviewState(annotation, reviewer) === 'unreviewed' ? 'not reviewed' : reviewState(annotation, reviewer);
}

function headline({ drug, decision, confidence, rationale, safety }: Recommendation): string {
  const icon = { recommend: '$(check)', consider: '$(question)', avoid: '$(circle-slash)', 'insufficient-evidence': '$(dash)' }[decision];
  const warning = safety.find(flag => flag.level === 'avoid');
  return `${icon} **${decisionLabel[decision]}** ${plain(drug.name)} (${confidence.toFixed(2)})  \n${plain(warning?.reason ?? rationale.summary)}`;
}

async function appendLeading(text: vscode.MarkdownString, leading: Recommendation, addressOf: AddressOf): Promise<void> {
  text.appendMarkdown(`${headline(leading)}\n\n`);
  const claims = leading.rationale.claims.slice(0, shownClaims);
  const documents = [...new Set(claims.flatMap(claim => claim.citations.map(({ documentId }) => documentId)))];
  const addresses = new Map(await Promise.all(documents.map(async id => [id, await address(id, addressOf)] as const)));
  for (const claim of claims) { text.appendMarkdown(`- ${claimLine(claim, addresses)}\n`); }
  const more = leading.rationale.claims.length - claims.length;
  text.appendMarkdown(more > 0 ? `- ${more} more ${more === 1 ? 'claim' : 'claims'} in the panel\n\n` : '\n');
}

function claimLine({ text, grounding, citations }: Claim, addresses: ReadonlyMap<string, string | undefined>): string {
  const mark = grounding === 'supported' ? '' : ` (${groundingLabel[grounding]})`;
  return [`${plain(text)}${mark}`, ...citations.slice(0, 3).map(citation => citationText(citation, addresses.get(citation.documentId)))].join(' ');
}

function citationText({ documentId, title, retrieved }: Citation, url: string | undefined): string {
  const name = plain(documentId);
  const shown = url ? `[${name}](${url} "${plain(title ?? documentId).replace(/"/g, '')}")` : name;
  return `\\[${shown}${retrieved ? '' : ', not retrieved'}\\]`;
}

/** Undefined for what is not https, is not known, or is not known in time: a hover does not wait. */
async function address(id: string, addressOf: AddressOf): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>(resolve => { timer = setTimeout(() => resolve(undefined), linkMs); });
  try {
    const url = await Promise.race([addressOf(id), late]);
    return url && /^https:\/\/[^\s()<>"]+$/.test(url) ? url : undefined;
  } catch { return undefined; } finally { clearTimeout(timer); }
}

/** Text for Markdown that shows as it is. Not `appendText`: it makes every space a hard one, and long lines would not wrap. */
function plain(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_{}[\]()#+\-!~<>&|$]/g, '\\$&');
}
