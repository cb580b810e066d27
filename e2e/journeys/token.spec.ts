import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { importPKCS8, SignJWT } from 'jose';
import { expect, test } from '../world/fixture.ts';
import {
  CLUSTER,
  expectNoSession,
  expectNoTokenReadable,
  openTokenPage,
  pasteToken,
  recordAnswers,
  section,
  sessionCookie,
  signInWithToken,
  statusOf,
  whoYouAre,
} from './steps.ts';

test.describe('somebody who pastes a service-account token', () => {
  test('as the viewer sees pods and is refused secrets by the cluster', async ({ page, inWorld }) => {
    await signInWithToken(page, await inWorld.tokenOf('vera'));
    await expect(whoYouAre(page)).toContainText('system:serviceaccount:people:vera');
    await expect(whoYouAre(page)).toContainText('With a token');
    await expect(section(page, 'Pods').getByRole('rowheader', { name: /^greenhouse-/ })).toHaveCount(2);
    await expect(section(page, 'Deployments')).toContainText('nursery');
    await expect(section(page, 'Secrets')).toContainText('The cluster does not let you list secrets.');
    await expect(section(page, 'Secrets')).toContainText('system:serviceaccount:people:vera');
    expect([await statusOf(page, '/api/v1/pods'), await statusOf(page, '/api/v1/secrets')]).toEqual([200, 403]);
  });

  test('as the admin sees secrets too', async ({ page, inWorld }) => {
    await signInWithToken(page, await inWorld.tokenOf('ada'));
    await expect(section(page, 'Secrets')).toContainText('greenhouse-key');
    expect(await statusOf(page, '/api/v1/secrets')).toBe(200);
  });

  test('with no rights is told so plainly, and what to ask for', async ({ page, inWorld }) => {
    await signInWithToken(page, await inWorld.tokenOf('noah'));
    const heading = page.getByRole('heading', { name: 'You are signed in, but this cluster gives you no rights.' });
    await expect(heading).toBeVisible();
    await expect(page.getByText('--serviceaccount=people:noah')).toBeVisible();
    expect([await statusOf(page, '/api/v1/pods'), await statusOf(page, '/api/v1/secrets')]).toEqual([403, 403]);
  });

  test('as the developer of one team works in its namespace and nowhere else', async ({ page, inWorld }) => {
    await signInWithToken(page, await inWorld.tokenOf('devi'));
    await page.getByRole('textbox', { name: 'Namespace' }).fill('team-orchid');
    await page.getByRole('button', { name: 'Open' }).click();
    await expect(section(page, 'Deployments')).toContainText('greenhouse');
    await expect(section(page, 'Secrets')).toContainText('greenhouse-key');
    const fern = '/apis/apps/v1/namespaces/team-fern/deployments';
    expect([await statusOf(page, fern), await statusOf(page, '/api/v1/namespaces')]).toEqual([403, 403]);
  });

  test('leaves no token where a script could read it', async ({ page, inWorld }) => {
    const answers = recordAnswers(page);
    const token = await inWorld.tokenOf('vera');
    await signInWithToken(page, token);
    await expect(section(page, 'Pods')).toContainText('greenhouse-');
    const cookie = await sessionCookie(page);
    await expectNoTokenReadable(page, answers, [token, cookie.value]);
    expect([cookie.httpOnly, cookie.sameSite]).toEqual([true, 'Strict']);
  });

  test('is signed out for good: the cookie of before is worth nothing', async ({ page, inWorld, request }) => {
    await signInWithToken(page, await inWorld.tokenOf('vera'));
    const { name, value } = await sessionCookie(page);
    const headers = { cookie: `${name}=${value}` };
    const replay = async (path: string): Promise<number> =>
      (await request.get(`/clusters/${CLUSTER}${path}`, { headers })).status();
    expect(await replay('/api/v1/pods')).toBe(200);
    await page.getByRole('button', { name: 'Log out' }).click();
    await expect(page.getByText('You are signed out.')).toBeVisible();
    await expectNoSession(page);
    expect([await replay('/me'), await replay('/session'), await replay('/api/v1/pods')]).toEqual([401, 401, 401]);
  });
});

test.describe('a token that is none', () => {
  test('is refused before any call when it is empty', async ({ page }) => {
    await openTokenPage(page);
    await pasteToken(page, '   ');
    await expect(page.getByRole('alert')).toContainText('Paste a token first.');
    await expectNoSession(page);
  });

  test('is refused by the cluster when it is garbled', async ({ page, inWorld }) => {
    const token = await inWorld.tokenOf('vera');
    await openTokenPage(page);
    await pasteToken(page, `${token.slice(0, -8)}AAAAAAAA`);
    await expect(page.getByRole('alert')).toContainText('The cluster does not accept this token.');
    await expectNoSession(page);
  });

  test('is told to have expired when it has', async ({ page, inWorld }) => {
    // Signed with the cluster's own key: only its time is wrong.
    const key = await importPKCS8(await readFile(join(inWorld.world.dir, 'service-accounts.key'), 'utf8'), 'ES256');
    const anHourAgo = Math.floor(Date.now() / 1000) - 3600;
    const expired = await new SignJWT({
      'kubernetes.io': { namespace: 'people', serviceaccount: { name: 'vera', uid: 'x' } },
    })
      .setProtectedHeader({ alg: 'ES256' })
      .setIssuer('https://kubernetes.default.svc')
      .setAudience('https://kubernetes.default.svc')
      .setSubject('system:serviceaccount:people:vera')
      .setIssuedAt(anHourAgo - 3600)
      .setExpirationTime(anHourAgo)
      .sign(key);
    await openTokenPage(page);
    await pasteToken(page, expired);
    await expect(page.getByRole('alert')).toContainText(/expired/);
    await expectNoSession(page);
  });

  test('is refused by the cluster when it is from somewhere else', async ({ page }) => {
    const foreign = await new SignJWT({ sub: 'system:serviceaccount:people:ada', iss: 'https://elsewhere.test' })
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime('1h')
      .sign(new TextEncoder().encode('a key this cluster has never seen'));
    await openTokenPage(page);
    await pasteToken(page, foreign);
    await expect(page.getByRole('alert')).toContainText('The cluster does not accept this token.');
    await expectNoSession(page);
  });
});

test('whoever signs in as somebody else gets a new session, and the old one is worth nothing', async ({
  page,
  inWorld,
  request,
}) => {
  await signInWithToken(page, await inWorld.tokenOf('vera'));
  const before = await sessionCookie(page);
  await page.goto(`/c/${CLUSTER}/token`);
  await pasteToken(page, await inWorld.tokenOf('ada'));
  await expect(whoYouAre(page)).toContainText('system:serviceaccount:people:ada');
  // Compared here and not by `expect`, which would write both down.
  expect((await sessionCookie(page)).value === before.value, 'whether the session is the same').toBe(false);
  const headers = { cookie: `${before.name}=${before.value}` };
  expect((await request.get(`/clusters/${CLUSTER}/me`, { headers })).status()).toBe(401);
});
