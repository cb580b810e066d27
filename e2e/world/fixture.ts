/** Owns what every journey is given: the world it happens in, and a browser that trusts it. */

import { type Person, people, serviceAccountNamespace, type World } from '@lamplighter/fixtures';
import { browserArguments, clusterClient, leafSpki, type WorldSecrets, worldAt } from '@lamplighter/testbed';
import { test as base } from '@playwright/test';

/** How long a pasted token lives in a journey: the least the API server gives. */
const TOKEN_SECONDS = 600;

export interface WorldHandle {
  readonly world: World;
  readonly secrets: WorldSecrets;
  /** A fresh service-account token of one of the people. */
  tokenOf(name: Person['name']): Promise<string>;
}

/** Someone of the cast. */
export function person(name: string): Person {
  const found = people.find((one) => one.name === name);
  if (found === undefined) throw new Error(`There is no "${name}" in the cast.`);
  return found;
}

function readyWorld(): { world: World; secrets: WorldSecrets } {
  const folder = process.env['LAMPLIGHTER_WORLD'];
  const ready = folder === undefined ? undefined : worldAt(folder);
  if (ready === undefined) throw new Error('Journeys need a world: run them with `pnpm e2e`.');
  return ready;
}

export const test = base.extend<object, { inWorld: WorldHandle }>({
  inWorld: [
    async ({}, use) => {
      const { world, secrets } = readyWorld();
      const client = await clusterClient(world.kubeconfig);
      await use({
        world,
        secrets,
        tokenOf: (name) => client.serviceAccountToken(serviceAccountNamespace, name, TOKEN_SECONDS),
      });
    },
    { scope: 'worker' },
  ],
  launchOptions: [
    async ({}, use) => {
      const { world } = readyWorld();
      const [provider] = Object.values(world.providers);
      const args = provider === undefined ? [] : browserArguments(await leafSpki(provider.issuer, world.ca));
      const executablePath = process.env['LAMPLIGHTER_BROWSER'];
      await use({ args, ...(executablePath === undefined ? {} : { executablePath }) });
    },
    { scope: 'worker' },
  ],
  baseURL: async ({ inWorld }, use) => use(inWorld.world.target.url),
});

export { expect } from '@playwright/test';
