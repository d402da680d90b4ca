import * as vscode from 'vscode';
import type { EndpointConfig } from '../../core/engine/endpoint/config';
import type { PeerCertificate } from '../../core/engine/endpoint/peerCertificate';
import type { EndpointSettings } from './endpointSettings';

/** Certificates that the user chose to trust although nobody vouches for them, by host and port. */
export const trustedCertificatesKey = 'kedrec.trustedCertificates';

interface TrustedCertificate { readonly pem: string; readonly fingerprint: string }
type ByHost = Readonly<Record<string, TrustedCertificate>>;

const look = async (config: EndpointConfig): Promise<PeerCertificate> => (await import('../../core/engine/endpointEntry')).readPeerCertificate(config);

/** The setting alone trusts nothing: the user sees each host's certificate once, and again when it has changed. */
export class TrustedCertificates {
  constructor(private readonly memory: vscode.Memento, private readonly read = look) {}

  /** The certificate to trust for an endpoint, asked for where none is known; undefined when none is trusted, or none is needed. Rejects with EngineError when the server cannot be seen. */
  async of(endpoint: EndpointSettings, config: EndpointConfig): Promise<string | undefined> {
    const known = this.known(endpoint.baseUrl);
    return known ? known.pem : await this.ask(endpoint, config);
  }

  /** Looks at the server again, and asks where its certificate is not the trusted one. */
  async review(endpoint: EndpointSettings, config: EndpointConfig): Promise<void> {
    if (this.known(endpoint.baseUrl)) { await this.ask(endpoint, config); }
  }

  private async ask(endpoint: EndpointSettings, config: EndpointConfig): Promise<string | undefined> {
    const shown = await this.read(config);
    const known = this.known(endpoint.baseUrl);
    if (shown.verified || shown.fingerprint === known?.fingerprint) { return known?.pem; }
    const { host } = new URL(endpoint.baseUrl);
    const trust = 'Trust This Certificate';
    const choice = await vscode.window.showWarningMessage(known ? `The certificate of ${host} has changed.` : `Nobody vouches for the certificate of ${host}.`, { modal: true, detail: detailOf(endpoint, host, shown, known) }, trust);
    if (choice !== trust) { return known?.pem; }
    await this.memory.update(trustedCertificatesKey, { ...this.all(), [host]: { pem: shown.pem, fingerprint: shown.fingerprint } });
    return shown.pem;
  }

  private known(baseUrl: string): TrustedCertificate | undefined { return this.all()[new URL(baseUrl).host]; }

  private all(): ByHost { return this.memory.get<ByHost>(trustedCertificatesKey) ?? {}; }
}

function detailOf({ name }: EndpointSettings, host: string, shown: PeerCertificate, known: TrustedCertificate | undefined): string {
  return [
    known ? 'Unless you know why, somebody may stand between this machine and the server, and could read cases and the key.' : `The endpoint "${name}" may use it once you trust it (allowSelfSigned is on).`,
    `For: ${shown.subject}`, `By: ${shown.issuer}`, `Until: ${shown.validTo}`, `SHA-256: ${shown.fingerprint}`, ...(known ? [`Trusted so far: ${known.fingerprint}`] : []),
    `Compare the fingerprint with the one that whoever runs ${host} tells you. Any other certificate will be refused. Safer: name its authority in kedrec.endpoint.caFile.`,
  ].join('\n');
}
