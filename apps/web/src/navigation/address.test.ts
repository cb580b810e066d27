import { describe, expect, it } from 'vitest';
import { clusterAddress, loginAddress, providerAddress, readPlace, sessionsAddress, tokenAddress } from './address.ts';

function read(address: string): ReturnType<typeof readPlace> {
  const [path = '', search = ''] = address.split('?');
  return readPlace(path, search);
}

describe('an address', () => {
  it.each(['harbour', 'arn:aws:eks:eu-central-1:1234:cluster/harbour', 'a b', '100%', 'ünï', 'a?b#c'])(
    'of the cluster %j is read back as written',
    (cluster) => {
      const returnTo = clusterAddress(cluster, 'team-a');
      expect(read(returnTo)).toEqual({ page: 'cluster', cluster, namespace: 'team-a' });
      expect(read(loginAddress(cluster, { returnTo, why: 'token_expired' }))).toEqual({
        page: 'login',
        cluster,
        returnTo,
        why: 'token_expired',
      });
      expect(read(tokenAddress(cluster, returnTo))).toEqual({ page: 'token', cluster, returnTo });
      expect(read(sessionsAddress(cluster))).toEqual({ page: 'sessions', cluster });
      expect(read(`/auth?cluster=${encodeURIComponent(cluster)}`)).toEqual({ page: 'landing', cluster });
    },
  );

  it('of the provider names the cluster and the page to come back to', () => {
    expect(providerAddress('a/b', '/c/a%2Fb?namespace=x')).toBe(
      '/oidc?cluster=a%2Fb&returnTo=%2Fc%2Fa%252Fb%3Fnamespace%3Dx',
    );
  });

  it('of a sign-in in another window names no page to come back to', () => {
    expect(providerAddress('a/b', null)).toBe('/oidc?cluster=a%2Fb');
  });

  it('without query names neither namespace nor reason', () => {
    expect(read('/c/harbour')).toEqual({ page: 'cluster', cluster: 'harbour', namespace: null });
    expect(read('/c/harbour/login')).toEqual({ page: 'login', cluster: 'harbour', returnTo: null, why: null });
    expect(read('/auth')).toEqual({ page: 'landing', cluster: null });
    expect(read('/')).toEqual({ page: 'clusters' });
  });

  it.each(['/c', '/c/', '/c/%E0%A4%A', '/c/harbour/pods', '/x', '//'])('%s shows nothing', (address) => {
    expect(read(address)).toEqual({ page: 'unknown' });
  });
});
