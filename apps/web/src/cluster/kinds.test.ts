import { describe, expect, it } from 'vitest';
import { KINDS, type Kind, listAccept, listPath, NAMESPACES } from './kinds.ts';
import { parseNamespace } from './namespace-name.ts';

function kind(plural: string): Kind {
  const found = [...KINDS, NAMESPACES].find((one) => one.plural === plural);
  if (found === undefined) throw new Error(`no kind ${plural}`);
  return found;
}

describe('a list', () => {
  it.each([
    ['namespaces', '/clusters/harbour/api/v1/namespaces?limit=500'],
    ['pods', '/clusters/harbour/api/v1/pods?limit=500'],
    ['deployments', '/clusters/harbour/apis/apps/v1/deployments?limit=500'],
    ['statefulsets', '/clusters/harbour/apis/apps/v1/statefulsets?limit=500'],
    ['daemonsets', '/clusters/harbour/apis/apps/v1/daemonsets?limit=500'],
    ['jobs', '/clusters/harbour/apis/batch/v1/jobs?limit=500'],
    ['cronjobs', '/clusters/harbour/apis/batch/v1/cronjobs?limit=500'],
    ['services', '/clusters/harbour/api/v1/services?limit=500'],
    ['configmaps', '/clusters/harbour/api/v1/configmaps?limit=500'],
    ['secrets', '/clusters/harbour/api/v1/secrets?limit=500'],
  ])('of %s is at %s', (plural, path) => {
    expect(listPath('harbour', kind(plural), null)).toBe(path);
  });

  it('of one namespace is under its name', () => {
    expect(listPath('harbour', kind('pods'), parseNamespace('team-a'))).toBe(
      '/clusters/harbour/api/v1/namespaces/team-a/pods?limit=500',
    );
  });

  it('of a cluster with any name stays one segment of the path', () => {
    expect(listPath('arn:aws:eks:x/y?z#', kind('pods'), null)).toBe(
      '/clusters/arn%3Aaws%3Aeks%3Ax%2Fy%3Fz%23/api/v1/pods?limit=500',
    );
  });

  it.each(['secrets', 'configmaps'])('of %s asks for names without values', (plural) => {
    expect(listAccept(kind(plural))).toBe('application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1');
  });

  it('of pods asks for whole objects, whose state is shown', () => {
    expect(listAccept(kind('pods'))).toBe('application/json');
  });
});
