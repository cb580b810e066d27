import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { configOf, file, folder, kubeconfig, problemsOf } from '../config/load.fixture.ts';
import { type LoadedConfig, loadConfig } from '../config/load.ts';

describe('a kubeconfig', () => {
  const cluster = (more: string): string => `
clusters: [{name: c, cluster: {server: "https://a:1"${more}}}]
contexts: [{name: main, context: {cluster: c}}]`;
  const { publicKey } = generateKeyPairSync('ed25519');
  const notCertificate = Buffer.from(publicKey.export({ type: 'spki', format: 'pem' })).toString('base64');

  test.each<readonly [name: string, content: string | null, said: RegExp]>([
    ['is missing', null, /does not exist/],
    ['is no YAML', 'a: [token: s3cret', /is not YAML/],
    ['is a list', '- s3cret', /is not a kubeconfig/],
    ['has no contexts', 'clusters: []', /holds no context/],
    ['is empty', '', /is not a kubeconfig|holds no context/],
    [
      'names a missing cluster',
      'contexts: [{name: main, context: {cluster: gone}}]',
      /the context "main" .* names the cluster "gone", but there is no such cluster/,
    ],
    [
      'has a server that is no URL',
      'clusters: [{name: c, cluster: {server: nope}}]\ncontexts: [{name: m, context: {cluster: c}}]',
      /its server is not a URL/,
    ],
    [
      'has CA data that are none',
      cluster(', certificate-authority-data: bm90IHBlbQ=='),
      /certificate-authority-data is not a readable PEM certificate/,
    ],
    ['has a key as CA', cluster(`, certificate-authority-data: ${notCertificate}`), /not a readable PEM certificate/],
    [
      'has a CA file that is missing',
      cluster(', certificate-authority: gone.pem'),
      /certificate-authority gone\.pem is not a readable/,
    ],
    ['holds a user name in its server', cluster('').replace('a:1', 'ada@a:1'), /holds a user name or a password/],
    ['holds a password in its server', cluster('').replace('a:1', ':s3cret@a:1'), /holds a user name or a password/],
    ['holds both in its server', cluster('').replace('a:1', 'ada:s3cret@a:1'), /holds a user name or a password/],
    ['holds a query in its server', cluster('').replace('a:1', 'a:1/?token=s3cret'), /holds a query or a fragment/],
    ['holds a fragment in its server', cluster('').replace('a:1', 'a:1/#s3cret'), /holds a query or a fragment/],
    ['has a context without a name', cluster('').replace('name: main', 'name: " "'), /has a name that is blank/],
  ])('that %s is one sentence that names the file', (name, content, said) => {
    const path = content === null ? join(folder, 'gone.yaml') : file(`${name}.yaml`, content);
    const problems = problemsOf(loadConfig(['--kubeconfig', path], {}));
    expect(problems.length).toBe(1);
    expect(problems[0]).toMatch(said);
    expect(problems[0]).toContain(path);
    expect(problems[0]).not.toContain('s3cret');
  });

  const origins = (loaded: LoadedConfig) => configOf(loaded).clusters.map(({ upstream }) => upstream.origin);

  test('that is a folder says so', () => {
    expect(problemsOf(loadConfig(['--kubeconfig', folder], {}))[0]).toContain('is a folder');
  });

  test('of two files with one context: the first file’s counts', () => {
    const second = file('second.yaml', cluster('').replace('https://a:1', 'https://second:1'));
    expect(origins(loadConfig(['--kubeconfig', `${kubeconfig}:${second}`], {}))).toEqual(['https://10.0.0.1:6443']);
    expect(origins(loadConfig([], { KUBECONFIG: second }))).toEqual(['https://second:1']);
  });

  test('of a list may name a cluster of another file, whose paths count from its own folder', () => {
    mkdirSync(join(folder, 'ca'), { recursive: true });
    writeFileSync(join(folder, 'ca', 'ca.pem'), rootCertificates[0] ?? '');
    const clusters = file(
      'ca/clusters.yaml',
      'clusters: [{name: c, cluster: {server: "https://a:1", certificate-authority: ca.pem}}]',
    );
    const contexts = file('contexts.yaml', 'contexts: [{name: main, context: {cluster: c}}]');
    for (const list of [`${clusters}:${contexts}`, `${contexts}:${clusters}`]) {
      const loaded = configOf(loadConfig([], { KUBECONFIG: list }));
      expect(loaded.clusters).toMatchObject([{ name: 'main', kubeconfigName: 'contexts.yaml' }]);
      expect(loaded.clusters[0]?.upstream.tls.ca).toContain('BEGIN CERTIFICATE');
    }
  });

  test('of a list that is missing is passed over with a warning, unless it is the only one', () => {
    const { clusters, warnings } = configOf(loadConfig([], { KUBECONFIG: `${folder}/gone:${kubeconfig}` }));
    expect(clusters.length).toBe(1);
    expect(warnings).toEqual([`${folder}/gone does not exist. It is passed over.`]);
    expect(problemsOf(loadConfig([], { KUBECONFIG: `${folder}/gone` }))).toEqual([
      `--kubeconfig: ${folder}/gone does not exist.`,
    ]);
  });

  test('with a stale context offers the others, and warns', () => {
    const stale = `${cluster('').replace('}}]', '}}, {name: noServer, cluster: {}}]')}
  - {name: old, context: {cluster: gone}}
  - {name: bare, context: {cluster: noServer}}`.replace(
      'contexts: [{name: main, context: {cluster: c}}]',
      'contexts:\n  - {name: main, context: {cluster: c}}',
    );
    const { clusters, warnings } = configOf(loadConfig(['--kubeconfig', file('stale.yaml', stale)], {}));
    expect(clusters.map(({ name }) => name)).toEqual(['main']);
    expect(warnings).toEqual([
      expect.stringMatching(/the context "old" .* there is no such cluster\. It is left out\.$/),
      expect.stringMatching(/the context "bare" .* its server is not a URL\. It is left out\.$/),
    ]);
  });

  test('that turns certificate checks off is obeyed, and warned about', () => {
    const { clusters, warnings } = configOf(
      loadConfig(['--kubeconfig', file('skip.yaml', cluster(', insecure-skip-tls-verify: true'))], {}),
    );
    expect(clusters[0]?.upstream.tls.insecureSkipTlsVerify).toBe(true);
    expect(warnings[0]).toContain('is not checked');
  });
});
