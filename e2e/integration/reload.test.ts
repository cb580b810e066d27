import { utimesSync } from 'node:fs';
import { join } from 'node:path';
import { runningWorld, waitFor } from '@lamplighter/testbed';
import { fetch } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningCommand, repositoryRoot, runCommand, startCommand, worldsRoot } from './scratch.ts';

const NAME = `reload-${process.pid}`;

let dev: RunningCommand;
let url: string;

async function untilSaid(what: string, how: RegExp): Promise<void> {
  await waitFor({
    for: what,
    timeoutMs: 60_000,
    probe: async () => how.test(dev.stdout()) || dev.stdout().slice(-200),
  });
}

beforeAll(async () => {
  dev = startCommand('dev.ts', ['--name', NAME]);
  await untilSaid('dev to be ready', /Ready in/);
  url = runningWorld(worldsRoot, NAME)?.world?.target.url ?? '';
});
afterAll(async () => {
  dev.signal('SIGINT');
  await dev.ended;
});

describe('pnpm dev', () => {
  it('says where to go, who can sign in, how to get a token, and where the logs are', () => {
    const said = dev.stdout();
    expect(said).toContain(url);
    expect(said).toContain('vera@lamplighter.test');
    expect(said).toContain('vera-watches-the-street');
    expect(said).toContain(`npx pnpm@12 -s world:token vera --name ${NAME}`);
    expect(said).toMatch(/kubeconfig {2}\S+\n {2}logs {8}\S+/);
  });

  it('serves the page through what reloads it in the browser', async () => {
    const page = await fetch(url);
    expect(await page.text()).toContain('/@vite/client');
  });

  it('starts the server anew when one of its sources changes, and signs nobody out by it', async () => {
    const { stdout: token } = await runCommand('world-token.ts', ['vera', '--name', NAME]);
    const signedIn = await fetch(`${url}/clusters/main/set-token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: url },
      body: JSON.stringify({ token: token.trim() }),
    });
    const cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const me = async (): Promise<number> => (await fetch(`${url}/clusters/main/me`, { headers: { cookie } })).status;
    expect(await me()).toBe(200);
    const now = new Date();
    utimesSync(join(repositoryRoot, 'packages', 'server', 'src', 'respond.ts'), now, now);
    await untilSaid('the server to be reloaded', /server reloaded in \d+ ms/);
    expect(await me()).toBe(200);
  });
});
