import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import type * as vscode from 'vscode';
import type { IndexSource } from '../core/evidence/store';
import type { EvidenceDocument, EvidenceStore } from '../core/evidence/types';
import { workerEvidenceStore } from '../core/evidence/workerStore';
import type { RecommendContext } from '../core/recommend/pipeline';
import type { EndpointConfig } from '../core/engine/endpoint/config';
import type { EndpointEngine } from '../core/engine/endpoint/endpointEngine';
import { IndexRegistry } from './evidence/indexRegistry';
import type { Log } from './log';
import type { Settings } from './settings';

// A search that began before the list of indexes changed may end on the old store.
const retireMs = 30_000;

type Endpoint = typeof import('../core/engine/endpointEntry');

/**
 * What features share and what is too heavy for activation. Everything here is made at its first use and kept.
 * A load that failed is tried again at the next use.
 */
export class Services implements vscode.Disposable {
  private knowledgeLoad: Promise<RecommendContext['knowledge']> | undefined;
  private store: EvidenceStore | undefined;
  /** Stores over an earlier list of indexes, until they are closed. */
  private readonly retired = new Map<EvidenceStore, NodeJS.Timeout>();
  /** Indexes that this workspace searches beside the bundled one. */
  readonly indexes: IndexRegistry;
  private client: { readonly fingerprint: string; readonly engine: EndpointEngine } | undefined;
  private endpointLoad: Promise<Endpoint> | undefined;

  constructor(private readonly context: vscode.ExtensionContext, readonly log: Log) {
    this.indexes = new IndexRegistry(context.workspaceState);
    this.indexes.onDidChange(() => this.reopen());
  }

  get version(): string { return (this.context.extension.packageJSON as { version: string }).version; }

  /** Terminology and graph of the bundle. */
  knowledge(): Promise<RecommendContext['knowledge']> {
    this.knowledgeLoad ??= this.loadKnowledge().catch((error: unknown) => { this.knowledgeLoad = undefined; throw error; });
    return this.knowledgeLoad;
  }

  /** The bundled index and those of the workspace, searched as one in a worker thread. Not to be kept: the list may change. */
  evidence(): EvidenceStore {
    this.store ??= this.openStore([this.bundledIndex, ...this.indexes.available()]);
    return this.store;
  }

  get bundledIndex(): IndexSource { return { name: 'bundled', path: this.file('bundle', 'evidence.kdx') }; }

  /** Folder of the indexes that are built in this workspace; it may not exist yet. */
  get indexFolder(): string { return join((this.context.storageUri ?? this.context.globalStorageUri).fsPath, 'evidence'); }

  /** The bundled command line. */
  get commandLine(): string { return this.file('cli.cjs'); }

  /** Rejects with EvidenceIndexError unless the file can be searched together with the bundled index. */
  async checkIndex(path: string): Promise<void> {
    const store = this.openStore([{ name: path, path }]);
    try { await store.search({ text: 'evidence', limit: 1 }); } finally { await store.dispose(); }
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

  /** An evidence document by id: a drug's profile from the graph (`KG:slug`), or what an index holds. */
  async document(id: string): Promise<EvidenceDocument | undefined> {
    return id.startsWith('KG:') ? (await this.knowledge()).graph.profile(id) : this.evidence().document(id);
  }

  get secrets(): vscode.SecretStorage { return this.context.secrets; }

  dispose(): void {
    void this.store?.dispose();
    for (const [store, timer] of this.retired) {
      clearTimeout(timer);
      void store.dispose();
    }
    this.indexes.dispose();
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

  private openStore(sources: readonly IndexSource[]): EvidenceStore {
    const cacheDir = this.context.globalStorageUri.scheme === 'file' ? join(this.context.globalStorageUri.fsPath, 'indexes') : undefined;
    return workerEvidenceStore(this.file('evidenceWorker.cjs'), sources, { cacheDir });
  }

  private reopen(): void {
    const old = this.store;
    if (!old) { return; }
    this.store = undefined;
    this.evidence();
    this.retired.set(old, setTimeout(() => { this.retired.delete(old); void old.dispose(); }, retireMs));
  }
}

/** Keys are kept per host, so that a key never goes to another server than the one it was given for. */
export function secretName(baseUrl: string): string {
  let host = 'default';
  try { host = new URL(baseUrl).host; } catch { /* an invalid address is reported where it is used */ }
  return `kedrec.apiKey.${host}`;
}
