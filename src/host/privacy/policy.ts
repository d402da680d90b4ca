import * as vscode from 'vscode';
import { isThisMachine } from '../../core/engine/endpoint/thisMachine';
import type { Settings } from '../settings';

/** What may go to a host that is not this machine. From loose to strict: `ask` each time, `deidentify` always, `never` send. */
export const policies = ['ask', 'deidentify', 'never'] as const;
export type PrivacyPolicy = (typeof policies)[number];

/** Where the policy that counts comes from. */
export interface HostPolicy {
  readonly policy: PrivacyPolicy;
  /** `settings`: the user's; `workspace settings`: of the folder that is open; `workspace`: chosen here; `default`: nobody said anything. */
  readonly from: 'default' | 'settings' | 'workspace settings' | 'workspace';
}

/** Setting: host (or "*" for all others) to policy. */
export const privacySetting = 'privacy.remoteHosts';
const key = (host: string): string => `kedrec.privacy.${host}`;

/** Where text would go, when that is not this machine: "host:port", or the kind of a model that is no server of the user's. */
export function remoteHost({ engine, endpoint }: Settings): string | undefined {
  if (engine === 'evidence') { return undefined; }
  if (endpoint.kind === 'vscode-lm') { return 'vscode-lm'; }
  if (endpoint.baseUrl === '' || isThisMachine(endpoint.baseUrl)) { return undefined; }
  try { return new URL(endpoint.baseUrl).host; } catch { return undefined; /* the engine reports the address */ }
}

/** The host in words. */
export function hostLabel(host: string): string { return host === 'vscode-lm' ? 'a language model of VS Code' : host; }

/**
 * The strictest of what the user's settings, the open folder's settings and the choice made in this workspace say. So a folder's settings, which a
 * stranger may have written, can tighten the user's policy and never loosen it.
 */
export function policyOf(host: string, memory: vscode.Memento): HostPolicy {
  const inspected = vscode.workspace.getConfiguration('kedrec').inspect<unknown>(privacySetting);
  const found: HostPolicy[] = [
    { policy: policyIn(inspected?.globalValue, host) ?? 'ask', from: policyIn(inspected?.globalValue, host) ? 'settings' : 'default' },
    ...[inspected?.workspaceValue, inspected?.workspaceFolderValue].flatMap((value): HostPolicy[] => { const policy = policyIn(value, host); return policy ? [{ policy, from: 'workspace settings' }] : []; }),
    ...[memory.get<unknown>(key(host))].flatMap((value): HostPolicy[] => (isPolicy(value) ? [{ policy: value, from: 'workspace' }] : [])),
  ];
  return found.reduce((strictest, next) => (policies.indexOf(next.policy) > policies.indexOf(strictest.policy) ? next : strictest));
}

/** Remembers a policy for this workspace alone; `ask` forgets it. */
export async function rememberPolicy(host: string, policy: PrivacyPolicy, memory: vscode.Memento): Promise<void> {
  await memory.update(key(host), policy === 'ask' ? undefined : policy);
}

function policyIn(value: unknown, host: string): PrivacyPolicy | undefined {
  if (typeof value !== 'object' || value === null) { return undefined; }
  const byHost = new Map(Object.entries(value).map(([name, policy]) => [name.trim().toLowerCase(), policy] as const));
  // "host" speaks for all its ports; what is not a policy is taken as the one that sends least without asking.
  const found = byHost.get(host.toLowerCase()) ?? byHost.get(host.toLowerCase().replace(/:\d+$/, '')) ?? byHost.get('*');
  return found === undefined ? undefined : isPolicy(found) ? found : 'never';
}

function isPolicy(value: unknown): value is PrivacyPolicy { return policies.some(policy => policy === value); }
