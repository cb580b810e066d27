/** Finds out where a provider's endpoints are, and that it is the provider that was named (OpenID Connect Discovery 1.0, section 4). */
import type { Issuer } from '@lamplighter/auth-core';
import { errorCode } from '@lamplighter/proxy';
import type { JsonValue } from 'oauth4webapi';
import { z } from 'zod';
import type { OidcConfig } from '../config/server-config.ts';
import { isLoopbackHost } from '../config/urls.ts';
import { DISCOVERY_ATTEMPT_TIMEOUT_MS, PROVIDER_ANSWER_MAX_BYTES } from '../constants.ts';
import { ANSWER_TOO_LARGE } from './provider-agent.ts';

/** The members this server needs; all others are handed on as they came. */
export interface ProviderMetadata {
  readonly issuer: string;
  readonly authorization_endpoint: string;
  readonly token_endpoint: string;
  readonly jwks_uri: string;
  readonly userinfo_endpoint?: string | undefined;
  readonly end_session_endpoint?: string | undefined;
  readonly revocation_endpoint?: string | undefined;
  readonly [member: string]: JsonValue | undefined;
}

/** Without it people sign in all the same, so a wrong one counts as none. */
const OPTIONAL_URL: z.ZodType<string | undefined> = z.string().refine(isProviderUrl).optional().catch(undefined);

const METADATA: z.ZodType<ProviderMetadata> = z
  .object({
    issuer: z.string(),
    authorization_endpoint: z.string().refine(isProviderUrl),
    token_endpoint: z.string().refine(isProviderUrl),
    jwks_uri: z.string().refine(isProviderUrl),
    userinfo_endpoint: OPTIONAL_URL,
    end_session_endpoint: OPTIONAL_URL,
    revocation_endpoint: OPTIONAL_URL,
  })
  .catchall(z.json());

/**
 * `lasting`: asking again cannot help. The problem is the end of a sentence that begins with the issuer; `error` is the platform's code
 * for it, or ours.
 */
export type Discovered =
  | { readonly ok: true; readonly metadata: ProviderMetadata }
  | { readonly ok: false; readonly lasting: boolean; readonly error: string; readonly problem: string };

/** Which provider is asked, and whether its document must name it: not so where the operator says what its tokens must name instead. */
export type AskedProvider = Pick<OidcConfig, 'issuer' | 'validatorIssuer'>;

/** One question, at most `DISCOVERY_ATTEMPT_TIMEOUT_MS` long. Never rejects. @param signal - gives up early. */
export async function discover(
  asked: AskedProvider,
  fetch: typeof globalThis.fetch,
  signal: AbortSignal,
): Promise<Discovered> {
  const url = discoveryUrl(asked.issuer);
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(DISCOVERY_ATTEMPT_TIMEOUT_MS)]),
      headers: { accept: 'application/json' },
    });
    text = await response.text();
  } catch (error) {
    return describeNetworkError(error);
  }
  const { status } = response;
  if (status !== 200) return refused(`HTTP_${status}`, `answers ${status} at ${url}; is the issuer URL complete?`);
  return judgeMetadata(asked, text, url);
}

/** OpenID Connect Discovery 1.0, section 4.1. */
export function discoveryUrl(issuer: Issuer): string {
  return `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
}

/** The answer's own judgement, without the asking. */
export function judgeMetadata({ issuer, validatorIssuer }: AskedProvider, text: string, url: string): Discovered {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  if (json === undefined) {
    return refused('NOT_JSON', `does not answer with JSON at ${url}; something else may answer there`);
  }
  const metadata = METADATA.safeParse(json);
  if (!metadata.success) {
    const member = metadata.error.issues[0]?.path.join('.') ?? '';
    return lasting('METADATA_INVALID', `answers at ${url}, but its ${member || 'document'} is missing or no https URL`);
  }
  // Attack: a document that names another issuer would make that issuer's tokens valid here. So: byte for byte.
  if (validatorIssuer !== null || metadata.data.issuer === issuer) return { ok: true, metadata: metadata.data };
  const slashOnly = metadata.data.issuer.replace(/\/$/, '') === issuer.replace(/\/$/, '');
  const hint = slashOnly ? '; they differ only in the slash at the end, which counts' : '';
  return lasting('ISSUER_MISMATCH', `calls itself "${metadata.data.issuer}" in its discovery document${hint}`);
}

/** The rest of a sentence that begins with an article. */
export function describeProblem(issuer: Issuer, { problem }: Extract<Discovered, { ok: false }>): string {
  return `issuer ${issuer} ${problem}${problem.endsWith('?') ? '' : '.'}`;
}

function refused(error: string, problem: string): Discovered {
  return { ok: false, lasting: false, error, problem };
}

function lasting(error: string, problem: string): Discovered {
  return { ok: false, lasting: true, error, problem };
}

/** Codes of OpenSSL and Node for a certificate that is there but not trusted. */
const UNTRUSTED: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

const NETWORK_PROBLEMS: ReadonlyMap<string, string> = new Map([
  [ANSWER_TOO_LARGE, `answers with more than ${PROVIDER_ANSWER_MAX_BYTES} bytes; something else may answer there`],
  ['ECONNREFUSED', 'refuses the connection; is it running, and is the port right?'],
  ['ENOTFOUND', 'has a host name that nobody knows'],
  ['EAI_AGAIN', 'has a host name that could not be looked up'],
  ['ECONNRESET', 'closed the connection'],
  ['CERT_HAS_EXPIRED', 'has a certificate that has expired'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'has a certificate for another name'],
]);

function describeNetworkError(error: unknown): Discovered {
  const code = errorCode(error) ?? '';
  if (UNTRUSTED.has(code)) {
    return lasting(
      code,
      `has a certificate from an authority this machine does not know (${code}); name that authority’s PEM file with --oidc-ca-file`,
    );
  }
  const known = NETWORK_PROBLEMS.get(code);
  if (known !== undefined) return refused(code, known);
  if (error instanceof Error && error.name === 'TimeoutError') {
    return refused('TIMEOUT', 'does not answer in time');
  }
  const reason = code === '' ? 'no reason was given' : code;
  return refused(code === '' ? 'UNKNOWN' : code, `cannot be reached (${reason})`);
}

// Codes and client secrets travel to these, so plain http is for this machine only.
function isProviderUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, hostname } = new URL(value);
  return protocol === 'https:' || (protocol === 'http:' && isLoopbackHost(hostname));
}
