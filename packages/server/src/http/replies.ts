/** Writes our own answers: JSON for programs, one small page for people, a Kubernetes Status for whoever speaks to a cluster. */
import type { Told } from '../respond.ts';
import type { ErrorResponse } from '../wire.ts';
import { JSON_HEADERS, NOTICE_HEADERS, NOTICE_STYLE } from './security-headers.ts';

/** @param cookies - `Set-Cookie` values. */
export function replyJson(body: object, cookies: readonly string[] = []): Response {
  return withCookies(new Response(JSON.stringify(body), { headers: JSON_HEADERS }), cookies);
}

/** @param status - 302 keeps a GET a GET; 303 turns whatever came into one. */
export function replyRedirect(location: string, status: 302 | 303, cookies: readonly string[]): Response {
  const headers = { Location: location, 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' };
  return withCookies(new Response(null, { status, headers }), cookies);
}

/** Who reads a refusal: a program, a person who looks at the answer itself, or whoever speaks to a cluster. */
export type Reader = 'program' | 'person' | 'cluster client';

/** @param basePath - where the start page is, for a person. */
export function replyTold(told: Told, reader: Reader, cookies: readonly string[], basePath: string): Response {
  const [body, headers] = WORDINGS[reader](told, basePath);
  return withCookies(new Response(body, { status: told.status, headers: { ...headers, ...told.headers } }), cookies);
}

type Wording = (told: Told, basePath: string) => readonly [body: string, headers: Readonly<Record<string, string>>];

const WORDINGS: Readonly<Record<Reader, Wording>> = {
  program: ({ code, message }) => [JSON.stringify({ reason: code, message } satisfies ErrorResponse), JSON_HEADERS],
  person: (told, basePath) => [noticePage(told, basePath), NOTICE_HEADERS],
  'cluster client': (told) => [JSON.stringify(kubernetesStatus(told)), JSON_HEADERS],
};

/** Has `reason` and `message` where `ErrorResponse` has them, so both kinds of reader understand it. */
interface KubernetesStatus extends ErrorResponse {
  readonly kind: 'Status';
  readonly apiVersion: 'v1';
  readonly metadata: object;
  readonly status: 'Failure';
  readonly code: number;
}

/** A refusal as an API server would word it (meta/v1 Status). Clients that do not know the reason go by the code. */
function kubernetesStatus({ status, code, message }: Told): KubernetesStatus {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason: code, code: status };
}

function withCookies(response: Response, cookies: readonly string[]): Response {
  for (const cookie of cookies) response.headers.append('Set-Cookie', cookie);
  return response;
}

function noticePage({ message, code }: Told, basePath: string): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>Lamplighter</title><style>${NOTICE_STYLE}</style></head>
<body><main><h1>This did not work</h1><p>${escapeHtml(message)}</p><p><a href="${escapeHtml(basePath)}/">Go to the start page</a></p><p><code>${escapeHtml(code)}</code></p></main></body>
</html>
`;
}

// Attack this stops: a provider's error text, or a link that imitates one, would otherwise be markup on our origin.
function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}
