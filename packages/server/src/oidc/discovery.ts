/** Finds out where a provider's endpoints are, and that it is the provider that was named (OpenID Connect Discovery 1.0, section 4). */
import { setTimeout as wait } from 'node:timers/promises';
import type { Issuer } from '@lamplighter/auth-core';
import { errorCode } from '@lamplighter/proxy';
import type { JsonValue } from 'openid-client';
import { z } from 'zod';
import { isLoopbackHost } from '../config/schema.ts';
import {
  DISCOVERY_ATTEMPT_TIMEOUT_MS,
  DISCOVERY_DEADLINE_MS,
  DISCOVERY_FIRST_PAUSE_MS,
  DISCOVERY_LONGEST_PAUSE_MS,
  PROVIDER_ANSWER_MAX_BYTES,
} from '../constants.ts';
import { ANSWER_TOO_LARGE } from './provider-agent.ts';

/** The members this server needs; all others are handed on as they came. */
export interface ProviderMetadata {
  readonly issuer: string;
  readonly authorization_endpoint: string;
  readonly token_endpoint: string;
  readonly jwks_uri: string;
  readonly [member: string]: JsonValue | undefined;
}

const METADATA: z.ZodType<ProviderMetadata> = z
  .object({
    issuer: z.string(),
    authorization_endpoint: z.string().refine(isProviderUrl),
    token_endpoint: z.string().refine(isProviderUrl),
    jwks_uri: z.string().refine(isProviderUrl),
  })
  .catchall(z.json());

/** `lasting`: asking again cannot help. The problem is the end of a sentence that begins with the issuer. */
export type Discovered =
  | { readonly ok: true; readonly metadata: ProviderMetadata }
  | { readonly ok: false; readonly lasting: boolean; readonly problem: string };

export interface DiscoveryEdges {
  readonly fetch: typeof globalThis.fetch;
  /** Default: `DISCOVERY_DEADLINE_MS`. */
  readonly deadlineMs?: number;
}

/** Asks until an answer comes, at most for the deadline, because a provider often starts together with us. */
export async function discover(
  issuer: Issuer,
  { fetch, deadlineMs = DISCOVERY_DEADLINE_MS }: DiscoveryEdges,
): Promise<Discovered> {
  const start = performance.now();
  let pauseMs = DISCOVERY_FIRST_PAUSE_MS;
  for (;;) {
    const leftMs = deadlineMs - (performance.now() - start);
    const found = await discoverOnce(issuer, fetch, Math.min(leftMs, DISCOVERY_ATTEMPT_TIMEOUT_MS));
    if (found.ok || found.lasting || performance.now() - start + pauseMs >= deadlineMs) return found;
    await wait(pauseMs);
    pauseMs = Math.min(pauseMs * 2, DISCOVERY_LONGEST_PAUSE_MS);
  }
}

async function discoverOnce(issuer: Issuer, fetch: typeof globalThis.fetch, timeoutMs: number): Promise<Discovered> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, {
      signal: AbortSignal.timeout(Math.max(1, Math.ceil(timeoutMs))),
      headers: { accept: 'application/json' },
    });
    text = await response.text();
  } catch (error) {
    return describeNetworkError(error);
  }
  if (response.status !== 200) return refused(`answers ${response.status} at ${url}; is the issuer URL complete?`);
  return judgeMetadata(issuer, text, url);
}

/** The answer's own judgement, without the asking. */
export function judgeMetadata(issuer: Issuer, text: string, url: string): Discovered {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  if (json === undefined) return refused(`does not answer with JSON at ${url}; something else may answer there`);
  const metadata = METADATA.safeParse(json);
  if (!metadata.success) {
    const member = metadata.error.issues[0]?.path.join('.') ?? '';
    return {
      ok: false,
      lasting: true,
      problem: `answers at ${url}, but its ${member || 'document'} is missing or no https URL`,
    };
  }
  // Attack: a document that names another issuer would make that issuer's tokens valid here. So: byte for byte.
  if (metadata.data.issuer === issuer) return { ok: true, metadata: metadata.data };
  const slashOnly = metadata.data.issuer.replace(/\/$/, '') === issuer.replace(/\/$/, '');
  const hint = slashOnly ? '; they differ only in the slash at the end, which counts' : '';
  return {
    ok: false,
    lasting: true,
    problem: `calls itself "${metadata.data.issuer}" in its discovery document${hint}`,
  };
}

function refused(problem: string): Discovered {
  return { ok: false, lasting: false, problem };
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
    return {
      ok: false,
      lasting: true,
      problem: `has a certificate from an authority this machine does not know (${code}); name that authority’s PEM file with --oidc-ca-file`,
    };
  }
  const known = NETWORK_PROBLEMS.get(code);
  if (known !== undefined) return refused(known);
  if (error instanceof Error && error.name === 'TimeoutError') return refused('does not answer in time');
  return refused(`cannot be reached (${code === '' ? 'no reason was given' : code})`);
}

// Codes and client secrets travel to these, so plain http is for this machine only.
function isProviderUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, hostname } = new URL(value);
  return protocol === 'https:' || (protocol === 'http:' && isLoopbackHost(hostname));
}
