import { describe, expect, test } from 'vitest';
import { forgeries } from './oidc/forgeries.fixture.ts';
import { signInWithProvider, startTestServer } from './testing/start.ts';

const SECRET = 'client s3cret:%é';

describe('a forged ID token', () => {
  for (const { name, forge, check, id } of forgeries) {
    test(`${name} signs nobody in, names the check, and nothing more is asked of the provider [${id}, C23]`, async () => {
      await using world = await startTestServer({
        oidc: { userinfo: 'always', authentication: { method: 'client_secret_basic', secret: SECRET } },
        metadata: (issuer) => ({ userinfo_endpoint: `${issuer}/userinfo` }),
      });
      const { provider } = world;
      await forge(provider, SECRET);
      const visitor = world.visitor();
      const answer = await signInWithProvider(world, visitor);
      expect(answer).toMatchObject({ status: 502, headers: { 'lamplighter-reason': 'id_token_refused' } });
      expect(answer.body).toContain(`(Check: ${check}.)`);
      expect(world.logged.join('')).toContain(`"facts":{"check":"${check}"}`);
      expect(visitor.jar.size).toBe(0);
      expect([provider.count('/token'), provider.count('/userinfo')]).toEqual([1, 0]);
      // One more look at the keys is allowed, when a key is unknown.
      expect(provider.count('/keys')).toBeLessThanOrEqual(check === 'key' ? 2 : 1);
    });
  }
});
