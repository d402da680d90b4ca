import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import type * as vscode from 'vscode';
import type { EvidenceStore } from '../core/evidence/types';
import { workerEvidenceStore } from '../core/evidence/workerStore';
import type { RecommendContext } from '../core/recommend/pipeline';
import type { EndpointConfig } from '../core/engine/endpoint/config';
import type { EndpointEngine } from '../core/engine/endpoint/endpointEngine';
import type { Log } from './log';
import type { Settings } from './settings';

type Endpoint = typeof import('../core/engine/endpointEntry');

/**
 * What features share and what is too heavy for activation. Everything here is made at its first use and kept.
 * A load that failed is tried again at the next use.
 */
export class Services implements vscode.Disposable {
  private knowledgeLoad: Promise<RecommendContext['knowledge']> | undefined;
  private store: EvidenceStore | undefined;
  private client: { readonly fingerprint: string; readonly engine: EndpointEngine } | undefined;
  private endpointLoad: Promise<Endpoint> | undefined;

  constructor(private readonly context: vscode.ExtensionContext, readonly log: Log) {}

  get version(): string { return (this.context.extension.packageJSON as { version: string }).version; }

  /** Terminology and graph of the bundle. */
  knowledge(): Promise<RecommendContext['knowledge']> {
    this.knowledgeLoad ??= this.loadKnowledge().catch((error: unknown) => { this.knowledgeLoad = undefined; throw error; });
    return this.knowledgeLoad;
  }

  /** The bundled evidence index, searched in a worker thread. */
  evidence(): EvidenceStore {
    this.store ??= this.openStore();
    return this.store;
  }

  async engine(settings: Settings): Promise<RecommendContext['engine']> {
    if (settings.engine === 'evidence') {
      const { createEvidenceEngine } = await import('../core/engine/evidenceEngine');
      return createEvidenceEngine;
    }
    const [endpoint, config] = await Promise.all([this.endpoint(), this.endpointConfig(settings)]);
    // One client for one configuration: it keeps its connection and what it learnt of the server.
    const fingerprint = JSON.stringify(config);
    if (this.client?.fingerprint !== fingerprint) {
      this.client?.engine.dispose();
      this.client = { fingerprint, engine: endpoint.createEndpointEngine(config) };
    }
    const { engine } = this.client;
    return () => engine;
  }

  /** The endpoint client is its own bundle: it holds the `openai` package, which is not needed for anything else. */
  endpoint(): Promise<Endpoint> {
    this.endpointLoad ??= import('../core/engine/endpointEntry').catch((error: unknown) => { this.endpointLoad = undefined; throw error; });
    return this.endpointLoad;
  }

  async endpointConfig(settings: Settings): Promise<EndpointConfig> {
    const { endpoint } = settings;
    return {
      baseUrl: endpoint.baseUrl,
      model: endpoint.model || undefined,
      headers: endpoint.headers,
      apiKey: await this.context.secrets.get(secretName(endpoint.baseUrl)),
      maxTokens: endpoint.maxTokens,
      timeouts: { connectMs: endpoint.connectTimeout * 1000, firstTokenMs: endpoint.firstTokenTimeout * 1000, idleMs: endpoint.idleTimeout * 1000 },
      log: event => this.log.debug(`endpoint ${JSON.stringify(event)}`),
    };
  }

  get secrets(): vscode.SecretStorage { return this.context.secrets; }

  dispose(): void {
    void this.store?.dispose();
    this.client?.engine.dispose();
  }

  private file(...parts: string[]): string { return join(this.context.extensionPath, 'dist', ...parts); }

  private async loadKnowledge(): Promise<RecommendContext['knowledge']> {
    const started = Date.now();
    const { openKnowledge } = await import('../core/recommend/knowledgeBase');
    const knowledge = openKnowledge(await readFile(this.file('bundle', 'knowledge.json')));
    this.log.info(`knowledge ${knowledge.graph.version} loaded in ${Date.now() - started} ms`);
    return knowledge;
  }

  private openStore(): EvidenceStore {
    const cacheDir = this.context.globalStorageUri.scheme === 'file' ? join(this.context.globalStorageUri.fsPath, 'indexes') : undefined;
    return workerEvidenceStore(this.file('evidenceWorker.cjs'), [{ name: 'bundled', path: this.file('bundle', 'evidence.kdx') }], { cacheDir });
  }
}

/** Keys are kept per host, so that a key never goes to another server than the one it was given for. */
export function secretName(baseUrl: string): string {
  let host = 'default';
  try { host = new URL(baseUrl).host; } catch { /* an invalid address is reported where it is used */ }
  return `kedrec.apiKey.${host}`;
}
