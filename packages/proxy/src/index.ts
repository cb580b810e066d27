/** Carries requests to clusters: which path, which headers, which bearer, streamed both ways. Knows credentials, never cookies. */
export {
  type Answer,
  type ClusterConnection,
  type ConnectionOptions,
  connectCluster,
  type ProxiedExchange,
  type Question,
} from './cluster-connection.ts';
export { Credential } from './credential.ts';
export { errorCode, type UpstreamFailure } from './failure.ts';
export type { PoolTimeouts } from './pool.ts';
export type { RunningExchange } from './relay-response.ts';
export { parseUpstreamPath, type Upstream, type UpstreamPath, type UpstreamTls } from './target.ts';
