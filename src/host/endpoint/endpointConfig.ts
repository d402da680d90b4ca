import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { EndpointConfig, EndpointTimeouts } from '../../core/engine/endpoint/config';
import { proxyFromEnvironment, type ProxySettings } from '../../core/engine/endpoint/proxy';
import { EngineError } from '../../core/engine/types';
import type { EndpointSettings } from './endpointSettings';

/** Limits of an endpoint in milliseconds. */
export function timeoutsOf({ connectTimeout, firstTokenTimeout, idleTimeout }: EndpointSettings): EndpointTimeouts {
  return { connectMs: connectTimeout * 1000, firstTokenMs: firstTokenTimeout * 1000, idleMs: idleTimeout * 1000 };
}

/** The part of an endpoint's configuration that is about its connection. Rejects with EngineError `not-configured` when the certificate's file cannot be read. */
export async function connectionConfig(endpoint: EndpointSettings, memory: vscode.Memento): Promise<Pick<EndpointConfig, 'ca' | 'systemCertificates' | 'allowSelfSigned' | 'proxy'>> {
  const http = vscode.workspace.getConfiguration('http');
  const proxy = proxySettings(http, process.env);
  return {
    ...(endpoint.caFile === '' ? {} : { ca: await readCertificate(endpoint.caFile) }),
    systemCertificates: http.get<unknown>('systemCertificates') !== false,
    ...(endpoint.allowSelfSigned && await mayBeUnverified(endpoint, memory) ? { allowSelfSigned: true } : {}),
    ...(proxy ? { proxy } : {}),
  };
}

/** VS Code's own proxy settings, else the environment; none where `http.proxySupport` is off. */
export function proxySettings(http: Pick<vscode.WorkspaceConfiguration, 'get'>, env: NodeJS.ProcessEnv): ProxySettings | undefined {
  if (http.get<unknown>('proxySupport') === 'off') { return undefined; }
  const fromEnvironment = proxyFromEnvironment(env);
  const set = http.get<unknown>('proxy');
  const address = typeof set === 'string' && set.trim() !== '' ? { http: set.trim(), https: set.trim() } : fromEnvironment;
  if (!address) { return undefined; }
  const authorization = http.get<unknown>('proxyAuthorization');
  const noProxy = http.get<unknown>('noProxy');
  const exceptions = Array.isArray(noProxy) ? noProxy.filter((entry): entry is string => typeof entry === 'string') : [];
  return {
    ...address,
    ...(typeof authorization === 'string' && authorization !== '' ? { authorization } : {}),
    noProxy: exceptions.length > 0 ? exceptions : fromEnvironment?.noProxy ?? [],
    ...(http.get<unknown>('proxyStrictSSL') === false ? { strictSSL: false } : {}),
  };
}

async function readCertificate(file: string): Promise<string> {
  try {
    const text = await readFile(file, 'utf8');
    if (text.includes('-----BEGIN CERTIFICATE-----')) { return text; }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    throw new EngineError('not-configured', `The certificate ${file} cannot be read (${code}).`, 'Correct the path in kedrec.endpoint.caFile; it is the full path of a PEM file.');
  }
  throw new EngineError('not-configured', `${file} holds no certificate in PEM form.`, 'Name a file with "-----BEGIN CERTIFICATE-----" in kedrec.endpoint.caFile (openssl x509 -inform der -in FILE converts others).');
}

/** Hosts whose certificate the user has said need not be verified. */
export const unverifiedHostsKey = 'kedrec.unverifiedHosts';

/** The setting alone is not enough: for each host the user says once that any certificate will do. */
async function mayBeUnverified(endpoint: EndpointSettings, memory: vscode.Memento): Promise<boolean> {
  if (!/^https:/i.test(endpoint.baseUrl)) { return false; }
  let host: string;
  try { host = new URL(endpoint.baseUrl).host; } catch { return false; /* the engine reports the address */ }
  const known = memory.get<readonly string[]>(unverifiedHostsKey) ?? [];
  if (known.includes(host)) { return true; }
  const accept = `Accept Any Certificate of ${host}`;
  const choice = await vscode.window.showWarningMessage(
    `Send to ${host} without verifying its certificate?`,
    { modal: true, detail: `The setting allowSelfSigned of the endpoint "${endpoint.name}" accepts any certificate. Whoever stands between this machine and ${host} could then read cases and the key. Safer: name the certificate's file in kedrec.endpoint.caFile.` },
    accept,
  );
  if (choice === accept) { await memory.update(unverifiedHostsKey, [...known, host]); }
  return choice === accept;
}
