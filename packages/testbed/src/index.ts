/** The testbed's public face: worlds, the parts they are made of, the browsers that look at them. */
export { findBrowser, installBrowser } from './browser/find.ts';
export { browserArguments, leafSpki } from './browser/trust.ts';
export { createAuthority, type KeyPair } from './certificates/authority.ts';
export { type TrustingFetch, trustingFetch } from './certificates/trusting-fetch.ts';
export { type BareControlPlane, startBareControlPlane } from './cluster/bare.ts';
export { type ClusterClient, clusterClient } from './cluster/client.ts';
export { findGo } from './parts/build.ts';
export { cacheFolderOf } from './parts/cache.ts';
export type { ObtainEvent, Part } from './parts/part.ts';
export { findPart, resolveParts } from './parts/resolve.ts';
export type { PartContext } from './process/context.ts';
export { TestbedError, type TestbedErrorCode } from './process/errors.ts';
export { identify, isAlive, type ProcessIdentity } from './process/identity.ts';
export { freePort } from './process/ports.ts';
export { untilReady } from './process/ready.ts';
export { type StartedProcess, startProcess, tiedToOurLife } from './process/supervised.ts';
export { describeThrown, waitFor } from './process/wait.ts';
export { answerDexForm } from './providers/dex-form.ts';
export { findRedis, obtainRedis } from './session-store/find.ts';
export { startRedis } from './session-store/start.ts';
export { type LamplighterPlan, startLamplighterServer } from './target/lamplighter.ts';
export type { StartTarget, TargetInputs } from './target/target.ts';
export type { OnWorldEvent, WorldEvent } from './world/events.ts';
export { sweep } from './world/folder.ts';
export {
  endWorld,
  joinWorld,
  logFolder,
  type RunningWorld,
  runningWorld,
  runningWorlds,
  worldAt,
} from './world/running.ts';

export type { WorldSecrets } from './world/state.ts';
export {
  createWorld,
  type NotStartedWorld,
  type StartedWorld,
  type StoppedWorld,
  type WorldOptions,
} from './world/world.ts';
