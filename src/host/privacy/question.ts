import * as vscode from 'vscode';
import { hostLabel, type PrivacyPolicy } from './policy';

/** What the user answered. `always`: for this host in this workspace from now on. */
export type SendingAnswer = 'deidentified-always' | 'deidentified-once' | 'as-is-once' | 'as-is-session' | 'no';

interface Choice extends vscode.QuickPickItem { readonly answer: SendingAnswer | 'as-is' }

/** What is asked about. `summary` holds counts, no text. */
export interface SendingQuestion {
  readonly host: string;
  readonly policy: Exclude<PrivacyPolicy, 'never'>;
  readonly summary: string;
  /** Cases that the answer is for. */
  readonly count: number;
}

/** Asks beside the open diff, which can be read and scrolled meanwhile. Escape means that nothing is sent. */
export async function askToSend({ host, policy, summary, count }: SendingQuestion): Promise<SendingAnswer> {
  const what = count === 1 ? 'the case' : `${count.toLocaleString('en')} cases`;
  const label = hostLabel(host);
  const choices: readonly Choice[] = [
    { label: '$(shield) Send De-identified, Always', description: `${label}, in this workspace`, detail: 'As on the right. Not asked again; KEDRec: Privacy for This Host... changes it.', answer: 'deidentified-always' },
    ...(policy === 'ask' ? [
      { label: '$(shield) Send De-identified', description: 'this time', detail: 'As on the right. Surrogates in the answer are replaced on this machine.', answer: 'deidentified-once' } as const,
      { label: '$(warning) Send as It Is...', description: 'with all identifiers', detail: 'As on the left. You are asked once more.', answer: 'as-is' } as const,
    ] : []),
    { label: '$(circle-slash) Do Not Send', detail: 'Nothing leaves this machine.', answer: 'no' },
  ];
  const choice = await vscode.window.showQuickPick(choices, {
    title: `Send ${what} to ${label}?`, placeHolder: `Found: ${summary}. Left: your text. Right: what would be sent.`, ignoreFocusOut: true,
  });
  if (choice?.answer !== 'as-is') { return choice?.answer ?? 'no'; }
  const once = 'Send as It Is';
  const session = 'Send as It Is Until the Window Closes';
  const confirmed = await vscode.window.showWarningMessage(`Send ${what} to ${label} with everything that is in the text?`, {
    modal: true, detail: `Nothing is replaced: ${summary}. Send only text that may be given to this server.`,
  }, once, session);
  return confirmed === once ? 'as-is-once' : confirmed === session ? 'as-is-session' : 'no';
}
