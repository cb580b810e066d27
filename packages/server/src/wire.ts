/**
 * The JSON that crosses between a browser and this server. Types only: the web UI imports this module and nothing else of the server.
 * Shapes marked (Headlamp) are those Headlamp's own frontend reads.
 */

/** GET /config (Headlamp). Public: it holds no secret. */
export interface ConfigResponse {
  readonly clusters: readonly ClusterSummary[];
  readonly isDynamicClusterEnabled: boolean;
  readonly allowKubeconfigChanges: boolean;
  readonly defaultPodDebugImage: string;
  readonly defaultNodeShellImage: string;
  readonly defaultNodeShellNamespace: string;
  /** Ours; Headlamp's frontend passes over it. */
  readonly lamplighter: SignInOptions;
}

export interface SignInOptions {
  /** Whether people who are not signed in are sent to the provider without being asked (`--auto-login`). */
  readonly autoLogin: boolean;
  /** Whether the page offers no token sign-in beside the provider (`--hide-token-login`). The route stays: it is no protection. */
  readonly hideTokenLogin: boolean;
}

export interface ClusterSummary {
  readonly name: string;
  /** The API server's URL: origin and path, without a slash at the end. */
  readonly server: string;
  /** `oidc` when people may sign in to this cluster with a provider; otherwise only a pasted token works. */
  readonly auth_type: 'oidc' | '';
  readonly meta_data: {
    readonly source: 'kubeconfig' | 'incluster';
    /** The namespace the kubeconfig context names, or empty. */
    readonly namespace: string;
    readonly extensions: Readonly<Record<string, never>>;
    readonly origin: { readonly kubeconfig: string };
    readonly originalName: string;
    readonly clusterID: string;
  };
}

/** GET /clusters/{cluster}/me (Headlamp). */
export interface MeResponse {
  readonly username: string;
  readonly email: string;
  readonly groups: readonly string[];
  readonly userInfoURL: string;
  /** Ours: the provider left groups out because there were too many (Entra ID: over 200); `groups` is not the whole list. */
  readonly groupsIncomplete?: true;
}

/** How somebody is signed in: a pasted token, an OpenID Connect provider, or the word of a proxy in front of this server. */
export type SignInMethod = 'token' | 'oidc' | 'proxy';

/** GET /clusters/{cluster}/session. Instants are RFC 3339 in UTC; `null` means that limit does not exist. */
export interface SessionResponse {
  readonly method: SignInMethod;
  /** When the session ends at the latest (`--session-ttl` after sign-in); `null` only behind a proxy that signs people in. */
  readonly expiresAt: string | null;
  readonly idleExpiresAt: string | null;
  /** When the cluster stops accepting the bearer this session holds; `null` for a token that names no end. */
  readonly tokenExpiresAt: string | null;
  /** Whether this server gets a new bearer before that moment by itself, so that nothing ends then. */
  readonly renews: boolean;
}

/** GET /clusters/{cluster}/sessions: the sessions of whoever asks, on every browser, the newest first. */
export interface OwnSessionsResponse {
  readonly sessions: readonly OwnSession[];
}

export interface OwnSession {
  /** For DELETE /clusters/{cluster}/sessions/{handle}; good for nothing else. */
  readonly handle: string;
  /** Whether it is the one that asks. */
  readonly current: boolean;
  readonly createdAt: string;
  readonly usedAt: string;
  readonly expiresAt: string;
}

/** POST /clusters/{cluster}/set-token (Headlamp). `null` or an empty string ends this cluster's session. */
export interface SetTokenRequest {
  readonly token: string | null;
}

/** POST /clusters/{cluster}/logout. `redirect`, when present, is the path the browser should go to, to end the provider's session too. */
export interface LogoutResponse {
  readonly redirect?: string;
}

/** The body of every refusal of ours; the same reason stands in the header `Lamplighter-Reason`. */
export interface ErrorResponse {
  /** A stable code, listed in docs/errors.md; clients may match on it. */
  readonly reason: string;
  /** A sentence for people; clients must not match on it. */
  readonly message: string;
}
