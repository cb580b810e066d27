/** Owns a world's life: not started, started, stopped; and that whatever way it ends, nothing is left behind. */
import { people, serviceAccountNamespace, type World, worldPartNames } from '@lamplighter/fixtures';
import { DEATH_GRACE_MS } from '../constants.ts';
import { cacheFolderOf } from '../parts/cache.ts';
import { resolveParts } from '../parts/resolve.ts';
import type { TestbedError } from '../process/errors.ts';
import type { StartTarget } from '../target/target.ts';
import { type Assembled, assembleWorld } from './assemble.ts';
import { createCrew } from './crew.ts';
import type { OnWorldEvent } from './events.ts';
import { type ClaimedFolder, claimFolder, refuseLiving, releaseFolder, sweep } from './folder.ts';
import { readState, type WorldSecrets, writeState } from './state.ts';

export interface WorldOptions {
  /** Up to 39 of a-z, 0-9 and "-". */
  readonly name: string;
  /** The folder that holds all worlds' folders. */
  readonly root: string;
  readonly startTarget: StartTarget;
  readonly onEvent: OnWorldEvent;
  /** How long the provider's ID tokens live; default: the provider's own, a day with Dex. Short ones make refreshes happen in a test's time. */
  readonly idTokenSeconds?: number;
  /** Gives the world up, at any moment of its start. */
  readonly signal?: AbortSignal;
}

export interface StoppedWorld {
  readonly state: 'stopped';
  readonly name: string;
}

/** A world people can sign in to. Disposing takes it down. */
export interface StartedWorld extends AsyncDisposable {
  readonly state: 'started';
  readonly world: World;
  readonly secrets: WorldSecrets;
  /** Resolves, by name and with its last words, when a part ends unasked. */
  readonly died: Promise<TestbedError>;
  stop(): Promise<StoppedWorld>;
}

export interface NotStartedWorld {
  readonly state: 'not-started';
  readonly name: string;
  /**
   * Obtains the parts and brings them up.
   *
   * @throws TestbedError naming the part, the condition or the input that stood in the way; by then everything is taken down again.
   */
  start(): Promise<StartedWorld>;
}

function describe(name: string, claimed: ClaimedFolder, assembled: Assembled): World {
  const { controlPlane, provider, targetUrl } = assembled;
  return {
    name,
    dir: claimed.folder,
    kubeconfig: controlPlane.kubeconfig,
    ca: controlPlane.files.ca,
    runtime: 'native',
    providers: {
      [provider.name]: { issuer: provider.issuer, clientId: provider.client.id, emulated: provider.emulated },
    },
    people: people.map((person) => ({
      name: person.name,
      role: person.role,
      email: person.email,
      password: person.password,
      groups: person.groups,
      serviceAccount: `${serviceAccountNamespace}/${person.name}`,
    })),
    target: { url: targetUrl },
  };
}

/** What stands first in a failure: a part that died explains whatever its death made fail elsewhere. */
async function preferDeath(failure: unknown, died: Promise<TestbedError>): Promise<never> {
  const grace = AbortSignal.timeout(DEATH_GRACE_MS);
  const death = await Promise.race([
    died,
    new Promise<undefined>((resolve) => grace.addEventListener('abort', () => resolve(undefined))),
  ]);
  throw death ?? failure;
}

async function startWorld(options: WorldOptions): Promise<StartedWorld> {
  const { name, root, onEvent } = options;
  const signal = options.signal ?? new AbortController().signal;
  // Before anything is obtained: building takes minutes, and a wrong name can be told at once.
  refuseLiving(root, name);
  const swept = await sweep(root);
  if (swept.length > 0) onEvent({ kind: 'swept', worlds: swept });
  const parts = await resolveParts(worldPartNames, {
    env: process.env,
    cacheFolder: cacheFolderOf(process.env),
    onEvent: (obtain) => onEvent({ kind: 'obtain', obtain }),
    signal,
  });
  onEvent({ kind: 'parts', parts: [...parts.values()] });

  const begun = performance.now();
  await using stack = new AsyncDisposableStack();
  const claimed = await claimFolder(root, name);
  stack.defer(() => releaseFolder(claimed));
  const crew = createCrew(claimed, parts, signal);
  const assembly = assembleWorld({
    name,
    context: crew.context,
    startTarget: options.startTarget,
    idTokenSeconds: options.idTokenSeconds ?? null,
    onReady: (what) => onEvent({ kind: 'ready', what, sinceStartMs: performance.now() - begun }),
  });
  // Whatever of it is still under way when the crew leaves must have come to its end before the folder goes.
  stack.defer(() =>
    assembly.then(
      ({ resources }) => resources.disposeAsync(),
      () => undefined,
    ),
  );
  stack.use(crew);
  const deadlier = crew.died.then((death): never => {
    throw death;
  });
  // It is answered for by the race, and later by `died`.
  deadlier.catch(() => undefined);
  const assembled = await Promise.race([assembly, deadlier]).catch((failure: unknown) => {
    signal.throwIfAborted();
    return preferDeath(failure, crew.died);
  });
  const world = describe(name, claimed, assembled);
  const secrets = { clientSecret: assembled.provider.client.secret, captureUrl: assembled.captureUrl };
  const state = readState(claimed.folder);
  if (state) writeState(claimed.folder, { ...state, ready: { world, secrets } });

  onEvent({ kind: 'up' });
  const kept = stack.move();
  const stop = async (): Promise<StoppedWorld> => {
    await kept.disposeAsync();
    return { state: 'stopped', name };
  };
  return {
    state: 'started',
    world,
    secrets,
    died: crew.died,
    stop,
    [Symbol.asyncDispose]: async () => {
      await stop();
    },
  };
}

/** A world that is not there yet. */
export function createWorld(options: WorldOptions): NotStartedWorld {
  return { state: 'not-started', name: options.name, start: () => startWorld(options) };
}
