/** The testbed's public face: worlds, the parts they are made of, the browsers that look at them. */
export { cacheFolderOf } from './parts/cache.ts';
export type { ObtainEvent, Part } from './parts/part.ts';
export type { PartContext } from './process/context.ts';
export { TestbedError } from './process/errors.ts';
export { describeThrown, waitFor } from './process/wait.ts';
export type { OnWorldEvent, WorldEvent } from './world/events.ts';
export type { StartTarget, TargetInputs } from './world/target.ts';
export { createWorld, type NotStartedWorld, type StartedWorld, type StoppedWorld, type WorldOptions } from './world/world.ts';
