/** Starts the whole page in a test, with a stub for the server and an address bar of its own. */
import type { ClusterSummary, ConfigResponse, MeResponse, SessionResponse } from '@lamplighter/server/wire';
import { render } from '@testing-library/react';
import { Router } from 'wouter';
import { memoryLocation } from 'wouter/memory-location';
import { App } from '../App.tsx';
import { EdgesProvider } from '../edges.tsx';
import { type Reply, type StubServer, stubServer } from './stub-server.ts';

/** The moment every test begins at: 2026-01-02 03:04:05 UTC. */
export const NOW_MS: number = Date.UTC(2026, 0, 2, 3, 4, 5);

export interface StartedApp {
  readonly server: StubServer;
  /** The address shown now, with its query. */
  readonly address: () => string;
  /** The documents somebody was sent to. */
  readonly opened: readonly string[];
}

export function renderApp(
  at: string,
  replies: Readonly<Record<string, Reply>>,
  nowMs: () => number = () => NOW_MS,
): StartedApp {
  const server = stubServer(replies);
  const opened: string[] = [];
  const { hook, searchHook, history } = memoryLocation({ path: at, record: true });
  const edges = {
    fetch: server.fetch,
    nowMs,
    openDocument: (url: string) => void opened.push(url),
    memory: localStorage,
  };
  render(
    <EdgesProvider edges={edges}>
      <Router hook={hook} searchHook={searchHook}>
        <App />
      </Router>
    </EdgesProvider>,
  );
  return { server, opened, address: () => history.at(-1) ?? '' };
}

export function cluster(name: string, auth_type: ClusterSummary['auth_type'] = 'oidc'): ClusterSummary {
  const meta_data: ClusterSummary['meta_data'] = {
    source: 'kubeconfig',
    namespace: '',
    extensions: {},
    origin: { kubeconfig: '' },
    originalName: name,
    clusterID: '',
  };
  return { name, server: 'https://192.0.2.1:6443', auth_type, meta_data };
}

export function config(...clusters: readonly ClusterSummary[]): Reply {
  const body: ConfigResponse = {
    clusters,
    isDynamicClusterEnabled: false,
    allowKubeconfigChanges: false,
    defaultPodDebugImage: '',
    defaultNodeShellImage: '',
    defaultNodeShellNamespace: '',
  };
  return { body };
}

/** What a server answers to somebody signed in to `harbour` for one hour. Lists are for each test to add. */
export function signedIn(person: { username: string; groups?: readonly string[] }): Record<string, Reply> {
  const groups = person.groups ?? [];
  const me: MeResponse = { username: person.username, email: '', groups, userInfoURL: '' };
  const session: SessionResponse = {
    method: 'oidc',
    expiresAt: new Date(NOW_MS + 3_600_000).toISOString(),
    idleExpiresAt: null,
    tokenExpiresAt: null,
  };
  const userInfo = {
    username: `dex:${person.username}`,
    groups: [...groups.map((group) => `dex:${group}`), 'system:authenticated'],
  };
  return {
    'GET /config': config(cluster('harbour')),
    'GET /clusters/harbour/me': { body: me },
    'GET /clusters/harbour/session': { body: session },
    'POST /clusters/harbour/apis/authentication.k8s.io/v1/selfsubjectreviews': {
      status: 201,
      body: { status: { userInfo } },
    },
    'POST /clusters/harbour/logout': { body: {} },
  };
}
