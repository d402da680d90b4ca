import { X509Certificate } from 'node:crypto';
import type { ClientRequest } from 'http';
// By its plain name, like http: VS Code routes exactly this one through its proxy and certificate settings.
import https from 'https';
import type { TLSSocket } from 'tls';
import { EngineError } from '../types';
import type { EndpointConfig } from './config';
import { networkError } from './errors';
import { agentFor, connectTimeoutCode, isConnected } from './nodeFetch';

/** The certificate that a server shows, for a person to judge. */
export interface PeerCertificate {
  /** Whether the usual authorities, or those of the settings, vouch for it. */
  readonly verified: boolean;
  readonly pem: string;
  /** SHA-256, in upper case with colons, as `openssl x509 -fingerprint -sha256` prints it. */
  readonly fingerprint: string;
  readonly subject: string;
  readonly issuer: string;
  /** As the certificate writes it: "Nov 23 02:00:00 2036 GMT". */
  readonly validTo: string;
}

/** Looks at a server's certificate, through the same proxy as any request; neither key nor case is sent. Rejects with EngineError. */
export async function readPeerCertificate(config: EndpointConfig, signal?: AbortSignal): Promise<PeerCertificate> {
  const url = new URL(config.baseUrl);
  const agent = agentFor(url, config.proxy, { keepAlive: false });
  const context = { shown: url.origin, secrets: [] };
  try {
    return await new Promise((resolve, reject) => {
      // Closed as soon as the connection stands: at most the head of an empty request is written.
      const request = https.request(url, { method: 'HEAD', agent, rejectUnauthorized: false, signal, ...(config.ca ? { ca: [...config.ca.split(/(?=-----BEGIN CERTIFICATE-----)/)] } : {}) });
      const timer = setTimeout(() => request.destroy(Object.assign(new Error('no connection in time'), { code: connectTimeoutCode })), config.timeouts.connectMs);
      request.on('close', () => clearTimeout(timer));
      request.on('error', reject);
      request.on('response', (message) => message.resume());
      request.on('socket', (socket) => {
        const look = (): void => resolve(shown(socket as TLSSocket, request));
        if (isConnected(socket)) { look(); } else { socket.once('secureConnect', look); }
      });
    });
  } catch (error) {
    throw EngineError.is(error) ? error : networkError(error, context, config.timeouts.connectMs);
  } finally {
    agent.destroy();
  }
}

function shown(socket: TLSSocket, request: ClientRequest): PeerCertificate {
  const certificate = new X509Certificate(socket.getPeerCertificate(true).raw);
  const verified = socket.authorized;
  request.destroy();
  return {
    verified, pem: certificate.toString(), fingerprint: certificate.fingerprint256, subject: oneLine(certificate.subject), issuer: oneLine(certificate.issuer), validTo: certificate.validTo,
  };
}

/** A server may write anything here. */
function oneLine(name: string): string {
  return name.replace(/[\p{C}\s]+/gu, ' ').trim().slice(0, 120) || 'no name';
}
