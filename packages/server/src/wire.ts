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
}

/** How a session was begun: a pasted token, or an OpenID Connect provider. */
export type SignInMethod = 'token' | 'oidc';

/** GET /clusters/{cluster}/session. Instants are RFC 3339 in UTC; `null` means that limit does not exist. */
export interface SessionResponse {
  readonly method: SignInMethod;
  /** When the session ends at the latest (`--session-ttl` after sign-in). */
  readonly expiresAt: string;
  readonly idleExpiresAt: string | null;
  /** When the cluster stops accepting the bearer this session holds; `null` for a token that names no end. */
  readonly tokenExpiresAt: string | null;
}

/** POST /clusters/{cluster}/set-token (Headlamp). `null` or an empty string ends this cluster's session. */
export interface SetTokenRequest {
  readonly token: string | null;
}

/** POST /clusters/{cluster}/logout. `redirect`, when present, is where the browser should go to end the provider's session too. */
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
