import * as vscode from 'vscode';
import type { Settings } from '../settings';

/** True when the address is on this machine. */
export function isThisMachine(baseUrl: string): boolean {
  try {
    const { hostname } = new URL(baseUrl);
    return hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
  } catch { return false; }
}

/** Before the first case of a workspace goes to a host that is not this machine, the user says so. Asked once for each host and workspace. */
export async function allowSending(settings: Settings, memory: vscode.Memento): Promise<boolean> {
  const { baseUrl } = settings.endpoint;
  if (settings.engine === 'evidence' || baseUrl === '' || isThisMachine(baseUrl)) { return true; }
  let host: string;
  try { host = new URL(baseUrl).host; } catch { return true; /* the engine reports the address */ }
  const key = `kedrec.maySend.${host}`;
  if (memory.get<boolean>(key)) { return true; }
  const choice = await vscode.window.showWarningMessage(
    `Send the text of the case to ${host}?`,
    { modal: true, detail: 'The text of the case and its evidence passages go to this server as they are: names and numbers in it are not removed. Ask only with text that may be sent there.' },
    'Send in This Workspace', 'Send Once',
  );
  if (choice === 'Send in This Workspace') { await memory.update(key, true); }
  return choice !== undefined;
}
