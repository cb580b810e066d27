/** Starts the whole page in a test, with a stub for the server and an address bar of its own. */
import type {
  ClusterSummary,
  ConfigResponse,
  MeResponse,
  SessionResponse,
  SignInOptions,
} from '@lamplighter/server/wire';
import { render } from '@testing-library/react';
import { Router } from 'wouter';
import { memoryLocation } from 'wouter/memory-location';
import { App } from '../App.tsx';
import { type Edges, EdgesProvider } from '../edges.tsx';
import { fetchBelow } from '../navigation/base-path.ts';
import { type Reply, refusal, type StubServer, stubServer } from './stub-server.ts';

/** The moment every test begins at: 2026-01-02 03:04:05 UTC. */
export const NOW_MS: number = Date.UTC(2026, 0, 2, 3, 4, 5);

export interface StartedApp {
  readonly server: StubServer;
  /** The address shown now, with its query. */
  readonly address: () => string;
  /** The documents somebody was sent to. */
  readonly opened: readonly string[];
  /** The windows that were opened beside the page. */
  readonly windows: readonly string[];
  /** How often the page asked for its own window to be closed. */
  readonly closings: () => number;
}

/** Where the browser of a test differs from one that allows everything, at the root, at `NOW_MS`. */
export type BrowserOfTest = Partial<Pick<Edges, 'basePath' | 'nowMs' | 'memory' | 'tabMemory'>> & {
  readonly blocksWindows?: boolean;
};

export function renderApp(
  at: string,
  replies: Readonly<Record<string, Reply>>,
  { basePath = '', blocksWindows = false, ...browser }: BrowserOfTest = {},
): StartedApp {
  const server = stubServer(replies);
  const opened: string[] = [];
  const windows: string[] = [];
  let closings = 0;
  const { hook, searchHook, history } = memoryLocation({ path: at, record: true });
  const edges: Edges = {
    basePath,
    fetch: fetchBelow(basePath, server.fetch),
    nowMs: () => NOW_MS,
    openDocument: (url) => void opened.push(url),
    openWindow: (url) => !blocksWindows && windows.push(url) > 0,
    closeWindow: () => {
      closings += 1;
    },
    memory: localStorage,
    tabMemory: sessionStorage,
    ...browser,
  };
  render(
    <EdgesProvider edges={edges}>
      <Router hook={hook} searchHook={searchHook}>
        <App />
      </Router>
    </EdgesProvider>,
  );
  return { server, opened, windows, closings: () => closings, address: () => history.at(-1) ?? '' };
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
  return configWith({}, ...clusters);
}

export function configWith(signIn: Partial<SignInOptions>, ...clusters: readonly ClusterSummary[]): Reply {
  const body: ConfigResponse = {
    clusters,
    isDynamicClusterEnabled: false,
    allowKubeconfigChanges: false,
    defaultPodDebugImage: '',
    defaultNodeShellImage: '',
    defaultNodeShellNamespace: '',
    lamplighter: { autoLogin: false, hideTokenLogin: false, ...signIn },
  };
  return { body };
}

/** The answers of a server to somebody who brings no session. */
export function signedOut(signIn: Partial<SignInOptions> = {}): Record<string, Reply> {
  const notSignedIn: Reply = refusal(401, 'not_signed_in', 'm');
  return {
    'GET /config': configWith(signIn, cluster('harbour')),
    'GET /clusters/harbour/*': notSignedIn,
    'POST /clusters/harbour/*': notSignedIn,
  };
}

/** What a server answers to somebody signed in to `harbour` for one hour. Lists are for each test to add. */
export function signedIn(
  person: { username: string; groups?: readonly string[]; groupsIncomplete?: true },
  limits: Partial<SessionResponse> = {},
): Record<string, Reply> {
  const groups = person.groups ?? [];
  const { username } = person;
  const more = person.groupsIncomplete === true ? ({ groupsIncomplete: true } as const) : {};
  const me: MeResponse = { username, email: '', groups, userInfoURL: '', ...more };
  const session: SessionResponse = {
    method: 'oidc',
    expiresAt: new Date(NOW_MS + 3_600_000).toISOString(),
    idleExpiresAt: null,
    tokenExpiresAt: null,
    renews: false,
    ...limits,
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
