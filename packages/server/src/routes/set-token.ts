/** POST /clusters/{cluster}/set-token: signs somebody in whom the cluster knows by their token; null or an empty text signs out. */
import { type EpochSeconds, judgePastedToken, readExpiryWithoutVerifying } from '@lamplighter/auth-core';
import { z } from 'zod';
import type { Cluster } from '../clusters/registry.ts';
import { reviewBearer } from '../clusters/self-review.ts';
import { readJsonBody } from '../http/body.ts';
import { JSON_HEADERS } from '../http/security-headers.ts';
import type { SetTokenRequest } from '../wire.ts';
import { findSessionsToEnd } from './decide-credential.ts';
import { type EndSessionDeps, endSession } from './end-session.ts';
import { type ClusterHandler, type Exchange, type Outcome, refused } from './exchange.ts';
import { sessionCookies } from './session-cookies.ts';

const BODY: z.ZodType<SetTokenRequest> = z.object({ token: z.string().nullable() });

export interface SetTokenDeps extends EndSessionDeps {
  readonly now: () => EpochSeconds;
}

export function createSetTokenHandler(deps: SetTokenDeps): ClusterHandler {
  return async (exchange, cluster) => {
    const json = await readJsonBody(exchange.request);
    if (!json.ok) return refused(json.refusal);
    const body = BODY.safeParse(json.value);
    if (!body.success) return refused({ reason: 'body_malformed' });
    const { token } = body.data;
    if (token === null || token === '') return replyEmpty((await endSession(exchange, cluster, deps)).cookies);
    return signIn(token, exchange, cluster, deps);
  };
}

async function signIn(raw: string, exchange: Exchange, cluster: Cluster, deps: SetTokenDeps): Promise<Outcome> {
  const { sessions, audit, now } = deps;
  const { call, origin } = exchange;
  const token = judgePastedToken(raw);
  if (!token.ok) return refused(token.refusal);
  const person = await reviewBearer(cluster.connection, token.value, now(), call.requestId);
  if (!person.ok) return refused(person.refusal);
  const held = await findSessionsToEnd(exchange, cluster, sessions);
  const { ticket, id, record } = await sessions.begin(
    {
      method: 'token',
      cluster: cluster.name,
      bearer: token.value,
      tokenExpiresAt: readExpiryWithoutVerifying(token.value),
      person: person.value,
      identity: null,
      grant: null,
    },
    held.map((session) => session.id),
  );
  audit.signIn(call, record);
  const maxAgeSeconds = record.expiresAt - now();
  return replyEmpty(sessionCookies({ ticket, id, cluster: cluster.name, maxAgeSeconds }, origin));
}

/** Headlamp answers 200 and nothing. */
function replyEmpty(cookies: readonly string[]): Response {
  const response = new Response(null, { headers: JSON_HEADERS });
  for (const cookie of cookies) response.headers.append('Set-Cookie', cookie);
  return response;
}
