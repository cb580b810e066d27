import { readFile } from 'node:fs/promises';
import { trustingFetch } from '@lamplighter/testbed';
import { startCapture } from '../world/capture.ts';
import { expect, person, test } from '../world/fixture.ts';
import { startSecondServer } from '../world/second-server.ts';
import {
  answerDex,
  CLUSTER,
  expectNoSession,
  expectNoTokenReadable,
  recordAnswers,
  section,
  sessionCookie,
  signInWithDex,
  statusOf,
  whoYouAre,
} from './steps.ts';

test.describe('somebody who signs in with the provider', () => {
  test('as the viewer sees pods and is refused secrets by the cluster', async ({ page }) => {
    await signInWithDex(page, person('vera'));
    await expect(whoYouAre(page)).toContainText('vera');
    await expect(whoYouAre(page)).toContainText('dex:auditors');
    await expect(whoYouAre(page)).toContainText('With your provider');
    await expect(page.getByRole('timer', { name: 'Time left' })).not.toBeEmpty();
    await expect(section(page, 'Pods').getByRole('rowheader', { name: /^greenhouse-/ })).toHaveCount(2);
    await expect(section(page, 'Secrets')).toContainText('The cluster does not let you list secrets.');
    await expect(section(page, 'Secrets')).toContainText('dex:vera@lamplighter.test');
    expect([await statusOf(page, '/api/v1/pods'), await statusOf(page, '/api/v1/secrets')]).toEqual([200, 403]);
  });

  test('with no rights is told so plainly, and what to ask for', async ({ page }) => {
    await signInWithDex(page, person('noah'));
    const heading = page.getByRole('heading', { name: 'You are signed in, but this cluster gives you no rights.' });
    await expect(heading).toBeVisible();
    await expect(page.getByText('--user=dex:noah@lamplighter.test')).toBeVisible();
    expect(await statusOf(page, '/api/v1/pods')).toBe(403);
  });

  test('comes back to the page they asked for', async ({ page }) => {
    await signInWithDex(page, person('devi'), `/c/${CLUSTER}?namespace=team-orchid`);
    await expect(page).toHaveURL(`/c/${CLUSTER}?namespace=team-orchid`);
    await expect(section(page, 'Secrets')).toContainText('greenhouse-key');
    expect(await statusOf(page, '/api/v1/namespaces/team-fern/secrets')).toBe(403);
  });

  test('leaves no token where a script could read it', async ({ page, inWorld }) => {
    const answers = recordAnswers(page);
    await signInWithDex(page, person('vera'));
    await expect(section(page, 'Pods')).toContainText('greenhouse-');
    const cookie = await sessionCookie(page);
    await expectNoTokenReadable(page, answers, [cookie.value, inWorld.secrets.clientSecret]);
    expect([cookie.httpOnly, cookie.sameSite]).toEqual([true, 'Strict']);
  });

  test('is signed out for good: the cookie of before is worth nothing', async ({ page, request }) => {
    await signInWithDex(page, person('vera'));
    const { name, value } = await sessionCookie(page);
    await page.getByRole('button', { name: 'Log out' }).click();
    await expect(page.getByText('You are signed out.')).toBeVisible();
    await expectNoSession(page);
    const headers = { cookie: `${name}=${value}` };
    const replayed = await request.get(`/clusters/${CLUSTER}/api/v1/pods`, { headers });
    expect(replayed.status()).toBe(401);
  });

  test('with a wrong password stays at the provider, without a session', async ({ page }) => {
    await page.goto('/');
    await page.getByRole('button', { name: 'Sign in with your provider' }).click();
    await answerDex(page, { ...person('vera'), password: 'not hers' });
    await expect(page.locator('input[name="password"]')).toBeVisible();
    await page.goto('/');
    await expectNoSession(page);
  });

  test('in two tabs at once is signed in by both', async ({ page, context }) => {
    const other = await context.newPage();
    for (const tab of [page, other]) {
      await tab.goto('/');
      await tab.getByRole('button', { name: 'Sign in with your provider' }).click();
      await expect(tab.locator('input[name="login"]')).toBeVisible();
    }
    for (const tab of [page, other]) {
      await answerDex(tab, person('vera'));
      await expect(whoYouAre(tab)).toContainText('vera');
    }
  });
});

test.describe('the code of a sign-in', () => {
  // Both listen at the one second address that is registered.
  test.describe.configure({ mode: 'default' });

  test('is bound to the verifier: the provider refuses it without, and takes it with', async ({ page, inWorld }) => {
    // The code arrives at a second registered address, where it is tried without its verifier before the server gets it.
    const { captureUrl, clientSecret } = inWorld.secrets;
    await using capture = await startCapture(captureUrl);
    await using server = await startSecondServer(inWorld, captureUrl);
    await page.goto(`${server.url}/oidc?cluster=${CLUSTER}`);
    const asked = new URL(page.url());
    expect(asked.pathname).toContain('/dex/');
    const answered = answerDex(page, person('vera'));
    const { code, goOn } = await capture.caught;

    const { dex } = inWorld.world.providers;
    if (dex === undefined) throw new Error('This world has no Dex.');
    await using trusting = trustingFetch(await readFile(inWorld.world.ca, 'utf8'));
    const without = await trusting.fetch(`${dex.issuer}/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${dex.clientId}:${clientSecret}`).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: captureUrl }),
    });
    expect(without.status).toBe(400);
    expect(await without.text()).toContain('code_verifier');

    goOn(`${server.url}/oidc-callback`);
    await answered;
    await expect(page).toHaveURL(`${server.url}/auth?cluster=${CLUSTER}`);
    const me = await page.request.get(`${server.url}/clusters/${CLUSTER}/me`);
    expect(await me.json()).toMatchObject({ username: 'vera' });
  });

  test('is worth nothing in another browser, and still good in its own', async ({ page, browser, inWorld }) => {
    const { captureUrl } = inWorld.secrets;
    await using capture = await startCapture(captureUrl);
    await using server = await startSecondServer(inWorld, captureUrl);
    await page.goto(`${server.url}/oidc?cluster=${CLUSTER}`);
    const answered = answerDex(page, person('vera'));
    const { query, goOn } = await capture.caught;

    const elsewhere = await browser.newContext();
    const answer = await elsewhere.request.get(`${server.url}/oidc-callback${query}`, { maxRedirects: 0 });
    expect(answer.status()).toBe(400);
    expect((await elsewhere.cookies()).map(({ name }) => name)).toEqual([]);
    await elsewhere.close();

    goOn(`${server.url}/oidc-callback`);
    await answered;
    const me = await page.request.get(`${server.url}/clusters/${CLUSTER}/me`);
    expect(await me.json()).toMatchObject({ username: 'vera' });
  });
});
