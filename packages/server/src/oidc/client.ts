/** Puts one provider together from its rooms: what is asked of it, what it answers, and who judges that. */
import { toIssuer } from '@lamplighter/auth-core';
import type { OidcConfig } from '../config/server-config.ts';
import { PROVIDER_PROBE_TIMEOUT_MS } from '../constants.ts';
import { ask } from './ask-provider.ts';
import { authorizationUrl } from './authorization-url.ts';
import { discoveryUrl, type ProviderMetadata } from './discovery.ts';
import { endSessionUrl } from './end-session-url.ts';
import { createTokenJudge } from './judge-tokens.ts';
import { createKeySet } from './key-set.ts';
import { judgeLogoutToken } from './logout-token.ts';
import type { OidcProvider } from './provider.ts';
import { refreshTokens } from './refresh-grant.ts';
import { redeemCode } from './sign-in-grant.ts';
import { createTokenRequests } from './token-request.ts';
import { createUserinfo } from './userinfo.ts';

/**
 * @param fetch - trusts what the configuration says, and bounds every answer; see provider-agent.ts.
 * @param monotonicMs - milliseconds of a clock that never jumps. Default: the platform's.
 */
export function createOidcProvider(
  config: OidcConfig,
  metadata: ProviderMetadata,
  fetch: typeof globalThis.fetch,
  monotonicMs: () => number = () => performance.now(),
): OidcProvider {
  const { clientId } = config;
  const keys = createKeySet(metadata.jwks_uri, { fetch, monotonicMs });
  const requests = createTokenRequests(config, metadata, fetch);
  const judge = createTokenJudge({ config, metadata, keys });
  const userinfo = createUserinfo({ config, metadata, keys, fetch });
  const { issuer } = judge.expected;
  return {
    issuer: toIssuer(metadata.issuer),
    issPromised: metadata['authorization_response_iss_parameter_supported'] === true,
    began: ({ identity }) => identity?.issuer === issuer,
    authorizationUrl: (login) => authorizationUrl(config, metadata, login),
    exchange: (callback, now) => redeemCode(callback, now, { config, requests, judge, userinfo }),
    refresh: (record, now) => refreshTokens(record, now, { config, requests, judge }),
    endSessionUrl: (facts) => endSessionUrl(metadata, { clientId, ...facts }),
    revoke: (refreshToken) => requests.revoke(refreshToken),
    judgeLogoutToken: (text, now) => judgeLogoutToken(text, { metadata, keys, issuer, clientId, now }),
    answers: async () => {
      const signal = AbortSignal.timeout(PROVIDER_PROBE_TIMEOUT_MS);
      const asked = await ask(() => fetch(discoveryUrl(config.issuer), { signal }));
      return asked.ok && asked.value.status === 200;
    },
  };
}
