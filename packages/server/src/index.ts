/** Composes Lamplighter: configuration in, a listening server out. */
export { createLamplighterServer, type Edges, type LamplighterServer } from './compose.ts';
export type { Environment } from './config/environment.ts';
export { helpText, VERSION } from './config/help.ts';
export { type LoadedConfig, loadConfig } from './config/load.ts';
export type { ClusterConfig, OidcConfig, ServerConfig, StoreConfig } from './config/server-config.ts';
export { runSessionsCommand, type SessionsOutcome } from './sessions/operator/run-command.ts';
export { StartupError } from './startup-error.ts';
