/** Owns `pnpm pictures`: the screenshots in docs/images, taken of a real world by signing in as two of its people. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { people, type World } from '@lamplighter/fixtures';
import { browserArguments, leafSpki, TestbedError } from '@lamplighter/testbed';
import { type Browser, chromium } from '@playwright/test';
import { command, givenArguments } from './cli/options.ts';
import { createProgress } from './cli/progress.ts';
import { runCommand } from './cli/run.ts';
import { repositoryRoot } from './repository.ts';
import { attachedWorld } from './worlds/attached.ts';
import { obtainBrowser } from './worlds/browser.ts';

command('pictures', 'Take the screenshots in docs/images again.').parse(givenArguments(), { from: 'user' });

/** Whom the README shows, and what must be on the page before it is taken. */
const SITTERS = { ada: 'greenhouse-key', noah: 'this cluster gives you no rights' } as const;

async function portrait(browser: Browser, world: World, name: keyof typeof SITTERS): Promise<void> {
  const person = people.find((one) => one.name === name);
  if (person === undefined) throw new TestbedError('bad-input', `There is no "${name}" in the cast.`);
  const page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
  await page.goto(world.target.url);
  await page.getByRole('button', { name: 'Sign in with your provider' }).click();
  await page.locator('input[name="login"]').fill(person.email);
  await page.locator('input[name="password"]').fill(person.password);
  await page.locator('button[type="submit"]').click();
  await page.getByText(SITTERS[name]).first().waitFor();
  await page.screenshot({ path: join(repositoryRoot, 'docs', 'images', `${name}.png`) });
  await page.close();
}

await runCommand(async (signal) => {
  using progress = createProgress();
  const executablePath = await obtainBrowser(progress, signal);
  await using attached = await attachedWorld('pictures', progress, signal);
  const [provider] = Object.values(attached.world.providers);
  if (provider === undefined) throw new TestbedError('bad-input', 'This world has no provider to sign in with.');
  const args = browserArguments(await leafSpki(provider.issuer, attached.world.ca));
  await using browser = await chromium.launch({ executablePath, args });
  await mkdir(join(repositoryRoot, 'docs', 'images'), { recursive: true });
  await portrait(browser, attached.world, 'ada');
  await portrait(browser, attached.world, 'noah');
  return 0;
});
