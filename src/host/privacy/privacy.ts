import * as vscode from 'vscode';
import type { EngineRequest } from '../../core/engine/types';
import type { RecommendContext } from '../../core/recommend/pipeline';
import type { Guard } from '../../core/text/deidentify/types';
import { findCase, isCase } from '../recommend/caseTarget';
import type { Services } from '../services';
import { readSettings, type Settings } from '../settings';
import { hostLabel, policyOf, privacySetting, rememberPolicy, remoteHost, type PrivacyPolicy } from './policy';
import { PreviewDocuments } from './previewDocuments';
import { askToSend, type SendingAnswer } from './question';

/** What would be sent. */
export interface SendingRequest {
  /** For a batch the first ones are enough: the answer is for all. */
  readonly cases: readonly { readonly text: string; readonly disease?: string }[];
  /** Cases of the batch; the number of `cases` when absent. */
  readonly total?: number;
}

/** Leave to send, and how. */
export interface Sending {
  readonly deidentified: boolean;
  /** Put around the engine that is asked. */
  engine(make: RecommendContext['engine']): RecommendContext['engine'];
}

/** The search for identifiers is loaded when text is first to leave. */
const loadHiding = () => import('./hiding');

const asItIs: Sending = { deidentified: false, engine: make => make };
/** Cases of a batch that the diff shows. */
const mostShown = 20;
/** The question stands over the top of the diff: the text begins below it. */
const belowQuestion = '\n'.repeat(13);

/** Decides what leaves this machine: policy per host, the diff before the first send, the question. */
export class Privacy implements vscode.Disposable {
  private readonly previews = new PreviewDocuments();
  /** Hosts that get text as it is until the window closes. */
  private readonly trustedNow = new Set<string>();
  private closeLast: (() => Promise<void>) | undefined;

  constructor(private readonly services: Services, private readonly memory: vscode.Memento) {}

  /** Before anything goes to the engine's host. Asks at most once, also for a batch. Undefined: nothing may be sent. */
  async prepareSending(settings: Settings, request: SendingRequest): Promise<Sending | undefined> {
    const host = remoteHost(settings);
    if (host === undefined) { return asItIs; }
    const { policy, from } = policyOf(host, this.memory);
    if (policy === 'never') {
      void vscode.window.showErrorMessage(`Nothing is sent to ${hostLabel(host)}: the ${from === 'workspace' ? 'choice made in this workspace' : from} ${from === 'workspace' ? 'says' : 'say'} "never".`, 'Privacy for This Host...')
        .then(choice => { if (choice) { void this.choosePolicy(); } });
      return undefined;
    }
    const [{ deidentifying }, guard] = await Promise.all([loadHiding(), this.guard()]);
    const hiding: Sending = { deidentified: true, engine: make => names => deidentifying(make(names), guard) };
    if (policy === 'deidentify' && this.memory.get<boolean>(shownKey(host))) { return hiding; }
    if (policy === 'ask' && this.trustedNow.has(host)) { return asItIs; }
    const answer = await this.ask(host, policy, request, guard);
    this.services.log.info(`privacy: ${answer} for ${request.total ?? request.cases.length} case(s)`);
    switch (answer) {
      case 'no': return undefined;
      case 'as-is-once': return asItIs;
      case 'as-is-session': this.trustedNow.add(host); return asItIs;
      case 'deidentified-once': return hiding;
      case 'deidentified-always':
        await rememberPolicy(host, 'deidentify', this.memory);
        await this.memory.update(shownKey(host), true);
        return hiding;
    }
  }

  /** A request as it would be written into a prompt for the endpoint in use; unchanged on this machine. */
  async shownRequest(settings: Settings, request: EngineRequest): Promise<EngineRequest> {
    const host = remoteHost(settings);
    // What the user let pass once is sent as it is only while the policy is to ask.
    const asItIs = host !== undefined && this.trustedNow.has(host) && policyOf(host, this.memory).policy === 'ask';
    return host === undefined || asItIs ? request : (await loadHiding()).deidentifyRequest(request, await this.guard()).request;
  }

  /** "Preview De-identified Case": the diff for the case under the cursor, at any time and with any engine. */
  async preview(): Promise<void> {
    const found = findCase(vscode.window.activeTextEditor, this.services.mappings);
    if (!isCase(found)) { void vscode.window.showWarningMessage(found.message); return; }
    const { hide, summaryOf } = await loadHiding();
    const { original, changed, replacements } = hide([{ text: found.text, disease: found.record?.disease }], await this.guard());
    await this.show(original, changed, 'Case and De-identified Case');
    void vscode.window.showInformationMessage(`De-identified: ${summaryOf(replacements)}. Left: the case. Right: what an engine on another machine would get. Read it: no program finds everything.`);
  }

  /** "Privacy for This Host...": shows the policy of the endpoint's host and changes it for this workspace. */
  async choosePolicy(): Promise<PrivacyPolicy | undefined> {
    const settings = readSettings();
    const host = remoteHost({ ...settings, engine: 'endpoint' });
    if (host === undefined) {
      void vscode.window.showInformationMessage(settings.endpoint.baseUrl === '' ? 'No endpoint is set, so nothing leaves this machine.' : 'The endpoint is on this machine: text is sent to it as it is.');
      return undefined;
    }
    const { policy, from } = policyOf(host, this.memory);
    const about: Record<PrivacyPolicy, readonly [string, string]> = {
      deidentify: ['$(shield) Always De-identify', 'Names, dates, numbers and the like are replaced before anything is sent, without asking.'],
      ask: ['$(question) Ask Each Time', 'Shows what would be sent and asks.'],
      never: ['$(circle-slash) Never Send', 'No case goes to this host.'],
    };
    const items = (Object.keys(about) as PrivacyPolicy[]).map(value => ({ label: about[value][0], description: value === policy ? `current (${from})` : '', detail: about[value][1], value }));
    const chosen = await vscode.window.showQuickPick(items, { title: `Privacy for ${hostLabel(host)} in this workspace`, placeHolder: 'Settings of yours that are stricter count as well' });
    if (!chosen) { return undefined; }
    await rememberPolicy(host, chosen.value, this.memory);
    this.trustedNow.delete(host);
    if (chosen.value === 'ask') { await this.memory.update(shownKey(host), undefined); }
    const now = policyOf(host, this.memory);
    if (now.policy !== chosen.value) {
      void vscode.window.showWarningMessage(`${hostLabel(host)} stays at "${now.policy}": the ${now.from} say so, and the strictest counts.`, 'Open Settings')
        .then(choice => { if (choice) { void vscode.commands.executeCommand('workbench.action.openSettings', `kedrec.${privacySetting}`); } });
    }
    return now.policy;
  }

  dispose(): void { this.previews.dispose(); }

  private async ask(host: string, policy: Exclude<PrivacyPolicy, 'never'>, request: SendingRequest, guard: Guard): Promise<SendingAnswer> {
    const { hide, summaryOf } = await loadHiding();
    const { original, changed, replacements } = hide(request.cases.slice(0, mostShown), guard);
    const count = request.total ?? request.cases.length;
    const shown = Math.min(mostShown, request.cases.length);
    await this.show(belowQuestion + original, belowQuestion + changed, `Case and What ${hostLabel(host)} Would Get`);
    try {
      const about = shown < count ? `${summaryOf(replacements)} in the first ${shown}` : summaryOf(replacements);
      return await askToSend({ host, policy, summary: about, count });
    } finally {
      await this.closeLast?.();
      this.closeLast = undefined;
    }
  }

  private async show(original: string, changed: string, title: string): Promise<void> {
    await this.closeLast?.();
    this.closeLast = await this.previews.open(original, changed, title);
  }

  private async guard(): Promise<Guard> { return (await loadHiding()).terminologyGuard((await this.services.knowledge()).terminology); }
}

function shownKey(host: string): string { return `kedrec.privacyShown.${host}`; }
