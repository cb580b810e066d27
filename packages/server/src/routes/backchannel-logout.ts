/**
 * POST /oidc-backchannel-logout: the provider's own server says that somebody's session there is over (OpenID Connect Back-Channel
 * Logout 1.0). No browser is involved; all that counts is the signed logout token.
 */
import { type EpochSeconds, type Refusal, type Result, refuse } from '@lamplighter/auth-core';
import type { AuditLog } from '../audit.ts';
import { readFormBody } from '../http/body.ts';
import { JSON_HEADERS } from '../http/security-headers.ts';
import type { EventLog } from '../log.ts';
import type { LogoutNotice, ProviderSource } from '../oidc/provider.ts';
import { tell } from '../respond.ts';
import type { Sessions } from '../sessions/sessions.ts';
import { type Handler, refused } from './exchange.ts';

export interface BackchannelLogoutDeps {
  readonly provider: ProviderSource | null;
  readonly sessions: Pick<Sessions, 'endProviderSession' | 'endPerson'>;
  readonly audit: AuditLog;
  readonly log: Pick<EventLog, 'refused'>;
  readonly now: () => EpochSeconds;
}

export function createBackchannelLogoutHandler(deps: BackchannelLogoutDeps): Handler {
  return async ({ request, call }) => {
    if (deps.provider === null) return refused({ reason: 'not_found' });
    const notice = await readNotice(request, deps.provider, deps.now());
    if (!notice.ok) {
      deps.log.refused(notice.refusal, {
        requestId: call.requestId,
        method: call.verb,
        route: call.route,
        status: 400,
      });
      return replyInvalid(notice.refusal);
    }
    const count = await endSessions(notice.value, deps.sessions);
    const { issuer, subject } = notice.value;
    const person = subject === null ? null : { issuer, subject, name: '' };
    deps.audit.sessionsEnded('provider', { count, person, cluster: null, reason: null });
    return new Response(null, { headers: { 'Cache-Control': 'no-store' } });
  };
}

async function readNotice(request: Request, source: ProviderSource, now: EpochSeconds): Promise<Result<LogoutNotice>> {
  const form = await readFormBody(request);
  if (!form.ok) return form;
  const tokens = form.value.getAll('logout_token');
  const [token] = tokens;
  if (token === undefined || tokens.length > 1) return refuse({ reason: 'logout_token_refused', check: 'missing' });
  const provider = await source.get();
  return provider.ok ? provider.value.judgeLogoutToken(token, now) : provider;
}

// Section 2.4: with a session id only that session ends, and with none all of that person's do.
async function endSessions(
  { issuer, subject, providerSession }: LogoutNotice,
  sessions: BackchannelLogoutDeps['sessions'],
): Promise<number> {
  if (providerSession !== null) return sessions.endProviderSession(issuer, providerSession);
  return subject === null ? 0 : sessions.endPerson({ kind: 'oidc', issuer, subject });
}

/** Section 2.8. */
function replyInvalid(refusal: Refusal): Response {
  const { message, headers } = tell(refusal);
  const body = JSON.stringify({ error: 'invalid_request', error_description: message });
  return new Response(body, { status: 400, headers: { ...JSON_HEADERS, ...headers, 'Cache-Control': 'no-store' } });
}
