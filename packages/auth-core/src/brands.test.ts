import { expect, test } from 'vitest';
import { parseClusterName } from './brands.ts';

test.each(['main', 'arn:aws:eks:eu-central-1:1:cluster/prod', 'kubernetes-admin@kubernetes', 'ä ö', '..'])(
  'a kubeconfig may call a cluster %j',
  (name) => {
    expect(parseClusterName(name)).toBe(name);
  },
);

test.each(['', ' ', 'a\nb', 'a\u0000', 'a\u0085b', 'x'.repeat(513)])('no cluster is called %j', (name) => {
  expect(parseClusterName(name)).toBeUndefined();
});
