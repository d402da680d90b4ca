import { EngineError } from '../types';
import { isRecord, parseJson } from '../answer/json';
import { endpointSettings as settings } from './config';
import { connectTimeoutCode } from './nodeFetch';

/** A reply with an error status, with its body as it came. Stays inside the client: a body may repeat the prompt. */
export class HttpFailure extends Error {
  constructor(readonly status: number, readonly body: string, readonly headers: Headers) {
    super(`status ${status}`);
    this.name = 'HttpFailure';
  }
}

/** Who was asked; `secrets` are taken out of anything that is kept. */
export interface ErrorContext {
  readonly shown: string;
  readonly model?: string;
  /** Scheme, host and port of the proxy that is gone through. */
  readonly proxy?: string;
  readonly secrets: readonly string[];
}

/** What a server's own error object says: short identifiers only, as its sentences may repeat the prompt or the key. */
export interface ServerErrorCode {
  readonly code?: string;
  /** The whole text, for recognising wordings; never shown. */
  readonly text: string;
}

/** Reads an error body in any of the shapes in use: `{error: {...}}`, `{error: "text"}`, `{message, code}`, `{detail}`, plain text. */
export function readServerError(body: string): ServerErrorCode {
  const parsed = parseJson(body);
  const error = isRecord(parsed) ? (isRecord(parsed['error']) ? parsed['error'] : parsed) : {};
  const code = [error['code'], error['type']].find((value) => typeof value === 'string' && /^[A-Za-z][\w.-]{1,60}$/.test(value));
  return { ...(typeof code === 'string' ? { code } : {}), text: body };
}

/** True for a body that is a web page. */
export function isHtml(body: string, contentType: string | null): boolean {
  return /^\s*(?:<!doctype html|<html)/i.test(body) || (contentType ?? '').includes('text/html');
}

/** How transformers serve and LiteLLM refuse a model that they do not have, with status 400. */
const refusedModel = /pinned to .{0,300}requested|invalid model name/i;

/** A 404, or the 400 of some servers, that means the model, not the address. */
export function isUnknownModel(failure: HttpFailure): boolean {
  if (failure.status === 400) {
    return refusedModel.test(failure.body);
  }
  return /model/i.test(failure.body) && !isHtml(failure.body, failure.headers.get('content-type'));
}

/** The error for a reply with an error status. */
export function httpError(failure: HttpFailure, context: ErrorContext): EngineError {
  const { status, body } = failure;
  const { code } = readServerError(body);
  const said = `${context.shown} answered ${status}${code && !context.secrets.includes(code) ? ` (${code})` : ''}`;
  const kept = { rawAnswer: withoutSecrets(body, context.secrets) };
  const make = (reason: EngineError['reason'], message: string, advice: string): EngineError => new EngineError(reason, message, advice, kept);
  // LiteLLM without a database looks a wrong key up there.
  if (status === 401 || status === 403 || code === 'no_db_connection') {
    return make('unauthorized', `${said}: the key was not accepted.`,
      `Store a valid key with "${settings.setKeyCommand}", and check that it may use the model in ${settings.model}.`);
  }
  if (status === 407) {
    return make('unauthorized', `The proxy ${context.proxy ?? ''} wants to know who you are (407).`.replace('  ', ' '),
      'Set http.proxyAuthorization, or put user and password into the address in http.proxy (environment: HTTPS_PROXY).');
  }
  if (status === 404 || status === 405 || (status === 400 && isUnknownModel(failure))) {
    return isUnknownModel(failure)
      ? make('not-found', `${said}: it has no model "${context.model ?? ''}".`, `Set ${settings.model} to a model that the server has, or empty it; "${settings.checkCommand}" lists them.`)
      : make('not-found', `${said}: there is no chat API at this address.`, `Check ${settings.baseUrl}; it usually ends in /v1.`);
  }
  if (status === 429) {
    return make('rate-limited', `${said}: too many requests, or the quota is used up.`, 'Wait a little and try again, or check the quota of the key.');
  }
  if (isHtml(body, failure.headers.get('content-type'))) {
    return notAnApi(context, `answered ${status} with a web page`);
  }
  if (status === 413) {
    return make('context-too-long', `${said}: the request is too large.`, 'Select a shorter part of the note.');
  }
  if (status >= 500) {
    return make('server-error', `${said}: the server failed.`, `See the server's own log; "${settings.checkCommand}" shows whether it has recovered.`);
  }
  return make('bad-request', `${said}: it did not accept the request.`, `Check ${settings.model} and ${settings.baseUrl}; "${settings.checkCommand}" tries the server without a case.`);
}

/** The error for an address at which no chat API speaks. */
export function notAnApi(context: ErrorContext, what: string): EngineError {
  return new EngineError('not-an-api', `${context.shown} ${what}, not as a chat API.`,
    `Check ${settings.baseUrl}: a proxy, a login page or the server's web interface may stand there. It usually ends in /v1.`);
}

/** The error for a prompt that is too long whatever is left out. */
export function contextTooLong(limit: number | undefined): EngineError {
  return new EngineError('context-too-long', `The case does not fit the model's context${limit ? ` of ${limit} tokens` : ''}, even with less evidence.`,
    'Select a shorter part of the note, or serve the model with a larger context.');
}

const certificateCodes = /^(?:DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT(?:_LOCALLY)?|CERT_\w+|ERR_TLS_CERT_ALTNAME_INVALID)$/;

/** The error for a connection that failed, before or during an answer. */
export function networkError(error: unknown, context: ErrorContext, connectMs: number): EngineError {
  const code = errorCode(error);
  const cause = new Error(code ?? 'network error');
  const make = (message: string, advice: string): EngineError => new EngineError('unreachable', message, advice, { cause });
  if (code === connectTimeoutCode || code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT') {
    return new EngineError('timeout', `${context.shown} could not be connected to within ${seconds(connectMs)}.`,
      `Check ${settings.baseUrl}, network and VPN; raise ${settings.connectTimeout} for a slow network.`, { cause });
  }
  if (context.proxy && code && /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/.test(code)) {
    return make(`The proxy ${context.proxy} cannot be reached (${code}).`,
      `Check http.proxy (environment: HTTPS_PROXY, HTTP_PROXY), or name the endpoint's host in http.noProxy (environment: NO_PROXY).`);
  }
  if (code === 'ECONNREFUSED') {
    return make(`Nothing listens at ${context.shown}.`, `Start the server, or correct ${settings.baseUrl}.`);
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return make(`The host of ${context.shown} is not known.`, `Correct ${settings.baseUrl}, or check network, VPN and proxy.`);
  }
  if (code && certificateCodes.test(code)) {
    return make(`The certificate of ${context.shown} is not trusted (${code}).`, certificateAdvice(code));
  }
  if (code && /^(?:EPROTO|ERR_SSL_\w+)$/.test(code)) {
    return make(`${context.shown} does not speak TLS (${code}).`, `Use http:// in ${settings.baseUrl} if the server has no certificate.`);
  }
  if (code && /^HPE_/.test(code)) {
    return make(`${context.shown} does not speak HTTP (${code}).`, `Check the port in ${settings.baseUrl}; a server with a certificate needs https://.`);
  }
  return make(`The connection to ${context.shown} broke${code ? ` (${code})` : ''}.`, 'See whether the server still runs, then try again. Nothing was changed.');
}

function certificateAdvice(code: string): string {
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') {
    return 'Have the certificate renewed, and check the clock of both machines.';
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return `The certificate is for another host name: use that name in ${settings.baseUrl}.`;
  }
  const known = `name the file of the certificate, or of the authority that signed it, in ${settings.caFile} (or add it to the system's store, see http.systemCertificates)`;
  return /SELF_SIGNED/.test(code)
    ? `It is self-signed: ${known}. Or set ${settings.allowSelfSigned} and compare its fingerprint when asked; "${settings.checkCommand}" asks again after a change.`
    : `Its authority is not known here: ${known}.`;
}

/** "12 s", "0.5 s". */
export function seconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`;
}

/** Replaces every secret in a text that is kept for the log. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets.filter((secret) => secret.length > 3).reduce((kept, secret) => kept.split(secret).join('[key]'), text);
}

/** The system's code of a network error, wherever a library has wrapped it. */
function errorCode(error: unknown): string | undefined {
  for (let current = error, depth = 0; current instanceof Error && depth < 6; current = current.cause, depth++) {
    const { code } = current as NodeJS.ErrnoException;
    if (typeof code === 'string') {
      return code;
    }
    if (current instanceof AggregateError && current.errors[0] instanceof Error) {
      return errorCode(current.errors[0]);
    }
  }
  return undefined;
}
