import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import type * as vscode from 'vscode';
import type { IndexSource } from '../core/evidence/store';
import type { EvidenceDocument, EvidenceStore } from '../core/evidence/types';
import { workerEvidenceStore } from '../core/evidence/workerStore';
import type { RecommendContext } from '../core/recommend/pipeline';
import type { EndpointConfig } from '../core/engine/endpoint/config';
import type { EndpointEngine } from '../core/engine/endpoint/endpointEngine';
import type { LanguageModelEngine } from '../core/engine/languageModel/languageModelEngine';
import { CapabilityStore } from './endpoint/capabilityStore';
import { connectionConfig, timeoutsOf } from './endpoint/endpointConfig';
import { loadUserTemplate } from './endpoint/promptTemplate';
import { selectModel } from './endpoint/vscodeModel';
import { DatasetMappings } from './dataset/mappings';
import { IndexRegistry } from './evidence/indexRegistry';
import { SkippingStore } from './evidence/skippingStore';
import type { Log } from './log';
import type { Settings } from './settings';

// A search that began before the list of indexes changed may end on the old store.
const retireMs = 30_000;

/** Clients kept beside the one in use, and questions kept for Show Prompt. */
const mostClients = 8;
const mostSent = 20;

type Endpoint = typeof import('../core/engine/endpointEntry');
type ModelEngine = EndpointEngine | LanguageModelEngine;

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
  /** Which fields of this workspace's datasets hold what. */
  readonly mappings: DatasetMappings;
  private readonly clients = new Map<string, ModelEngine>();
  private endpointLoad: Promise<Endpoint> | undefined;
  /** What servers were found to take. */
  readonly capabilities: CapabilityStore;
  /** The latest questions as they were sent, in memory only, for Show Prompt. */
  sent: readonly { readonly at: Date; readonly body: Readonly<Record<string, unknown>> }[] = [];

  constructor(private readonly context: vscode.ExtensionContext, readonly log: Log) {
    this.capabilities = new CapabilityStore(context.globalState);
    this.indexes = new IndexRegistry(context.workspaceState);
    this.mappings = new DatasetMappings(context.workspaceState);
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
    this.store ??= new SkippingStore(sources => this.openStore(sources), [this.bundledIndex, ...this.fetchedBundle, ...this.indexes.available()], (index, message) => this.indexes.skip(index, message));
    return this.store;
  }

  get bundledIndex(): IndexSource { return { name: 'bundled', path: this.file('bundle', 'evidence.kdx') }; }

  /** The index that a release fetched from official services, where it did. */
  get fetchedBundle(): readonly IndexSource[] {
    const path = this.file('bundle', 'fetched.kdx');
    return existsSync(path) ? [{ name: 'bundled, fetched', path }] : [];
  }

  /** Folder of the indexes that are built in this workspace; it may not exist yet. */
  get indexFolder(): string { return join((this.context.storageUri ?? this.context.globalStorageUri).fsPath, 'evidence'); }

  /** Folder of what is kept for all workspaces. */
  get globalFolder(): string { return this.context.globalStorageUri.fsPath; }

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
    const engine = await this.modelEngine(settings);
    return () => engine;
  }

  /** The engine of the endpoint in use. One client for one configuration: it keeps its connection and what it learnt of the server. */
  async modelEngine(settings: Settings): Promise<ModelEngine> {
    const endpoint = await this.endpoint();
    const shared = await this.modelConfig(settings, endpoint);
    const { kind, model, baseUrl } = settings.endpoint;
    const config = kind === 'openai' ? { ...await this.endpointConfig(settings), ...shared } : { ...shared, timeouts: timeoutsOf(settings.endpoint), contextTokens: settings.endpoint.contextTokens };
    const fingerprint = JSON.stringify([kind, model, baseUrl, config]);
    const known = this.clients.get(fingerprint);
    const engine = known ?? ('baseUrl' in config ? endpoint.createEndpointEngine(config) : endpoint.createLanguageModelEngine({ ...config, model: () => selectModel(model) }));
    this.clients.delete(fingerprint);
    this.clients.set(fingerprint, engine);
    // An earlier one may still be answering: it is closed only when several others have been used since.
    for (const [old, client] of [...this.clients].slice(0, -mostClients)) {
      client.dispose();
      this.clients.delete(old);
    }
    return engine;
  }

  /** The endpoint client is its own bundle: it holds the `openai` package, which is not needed for anything else. */
  endpoint(): Promise<Endpoint> {
    this.endpointLoad ??= import('../core/engine/endpointEntry').catch((error: unknown) => { this.endpointLoad = undefined; throw error; });
    return this.endpointLoad;
  }

  /** Where and how the endpoint in use is asked. Rejects with EngineError when a file that the settings name cannot be used. */
  async endpointConfig(settings: Settings): Promise<EndpointConfig> {
    const { endpoint } = settings;
    return {
      baseUrl: endpoint.baseUrl,
      model: endpoint.model || undefined,
      headers: endpoint.headers,
      apiKey: await this.context.secrets.get(secretName(endpoint.baseUrl)),
      maxTokens: endpoint.maxTokens,
      contextTokens: endpoint.contextTokens,
      timeouts: timeoutsOf(endpoint),
      memory: this.capabilities,
      log: event => this.log.debug(`endpoint ${JSON.stringify(event)}`),
      ...await connectionConfig(endpoint, this.context.globalState),
    };
  }

  /** What all kinds of endpoints share: the prompt, the longest answer, and what watches a request. */
  private async modelConfig(settings: Settings, endpoint: Endpoint): Promise<Pick<EndpointConfig, 'maxTokens' | 'template' | 'sent' | 'log'>> {
    const { promptTemplate } = settings;
    const template = promptTemplate === '' ? undefined : endpoint.isBuiltInVersion(promptTemplate) ? endpoint.builtInTemplate(promptTemplate) : await loadUserTemplate(promptTemplate);
    return {
      maxTokens: settings.endpoint.maxTokens, template,
      sent: body => { this.sent = [...this.sent.slice(1 - mostSent), { at: new Date(), body }]; },
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
    this.mappings.dispose();
    for (const client of this.clients.values()) { client.dispose(); }
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
