import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { EndpointConfig, EndpointTimeouts } from '../../core/engine/endpoint/config';
import { proxyFromEnvironment, type ProxySettings } from '../../core/engine/endpoint/proxy';
import { EngineError } from '../../core/engine/types';
import type { EndpointSettings } from './endpointSettings';
import { TrustedCertificates } from './trustedCertificates';

/** Limits of an endpoint in milliseconds. */
export function timeoutsOf({ connectTimeout, firstTokenTimeout, idleTimeout }: EndpointSettings): EndpointTimeouts {
  return { connectMs: connectTimeout * 1000, firstTokenMs: firstTokenTimeout * 1000, idleMs: idleTimeout * 1000 };
}

/** The part of an endpoint's configuration that is about its connection. Rejects with EngineError `not-configured` when the certificate's file cannot be read. */
export async function connectionConfig(endpoint: EndpointSettings, memory: vscode.Memento): Promise<Pick<EndpointConfig, 'ca' | 'systemCertificates' | 'pinned' | 'proxy'>> {
  const http = vscode.workspace.getConfiguration('http');
  const proxy = proxySettings(http, process.env);
  const usual = {
    ...(endpoint.caFile === '' ? {} : { ca: await readCertificate(endpoint.caFile) }),
    systemCertificates: http.get<unknown>('systemCertificates') !== false,
    ...(proxy ? { proxy } : {}),
  };
  const pinned = endpoint.allowSelfSigned && /^https:/i.test(endpoint.baseUrl) ? await new TrustedCertificates(memory).of(endpoint, { ...usual, baseUrl: endpoint.baseUrl, timeouts: timeoutsOf(endpoint) }) : undefined;
  return { ...usual, ...(pinned ? { pinned } : {}) };
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
