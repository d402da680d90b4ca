export interface LiveAnswer { readonly status?: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string | Uint8Array }
export interface LiveFault extends LiveAnswer {
  readonly path?: string; readonly cutAt?: number; readonly damaged?: boolean; readonly slowMs?: number; readonly stallAt?: number; readonly reset?: boolean;
}
export interface LiveServer {
  readonly origin: string;
  readonly requests: { readonly url: URL; readonly at: number; readonly headers: Readonly<Record<string, string | string[] | undefined>> }[];
  readonly faults: LiveFault[];
  readonly baseUrls: Readonly<Record<'clinicaltrials' | 'pubmed' | 'europepmc' | 'openfda', string>>;
  open(): number;
  stop(): Promise<void>;
}
export function startLiveServer(answer: (url: URL) => LiveAnswer): Promise<LiveServer>;
export function syntheticServices(): (url: URL) => LiveAnswer;
