/** Owns the steps that journeys share: what a person does and sees, in their words. */

import type { Person } from '@lamplighter/fixtures';
import { expect, type Locator, type Page } from '@playwright/test';

/** The one cluster of a world. */
export const CLUSTER = 'main';
/** Anything that looks like a JSON Web Token: three base64url parts, the first of which opens an object. */
const JWT = /eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}/;

/** `1.<16 bytes>.<32 bytes>` in base64url: the form in which the finished report is searched for tickets (scripts/test/leaks.ts). */
const TICKET = /^1\.[\w-]{22}\.[\w-]{43}$/;

/** Enters what must stand in no report: the steps "Fill" and "Insert" are written down with their text, this one is not. */
async function enterSecret(field: Locator, secret: string): Promise<void> {
  await expect(field).toBeEditable();
  await field.evaluate((input, value) => {
    // The prototype's own setter is what typing calls; React watches the event.
    Object.getOwnPropertyDescriptor(Object.getPrototypeOf(input), 'value')?.set?.call(input, value);
    input.dispatchEvent(new Event('input', { bubbles: true }));
  }, secret);
}

/** Opens the page as somebody who is not signed in, and chooses to paste a token. */
export async function openTokenPage(page: Page): Promise<void> {
  await page.goto('/');
  await page.getByRole('link', { name: 'Use a token' }).click();
}

export async function pasteToken(page: Page, token: string): Promise<void> {
  await enterSecret(page.getByLabel('Token'), token);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

export async function signInWithToken(page: Page, token: string): Promise<void> {
  await openTokenPage(page);
  await pasteToken(page, token);
  await expect(whoYouAre(page)).toBeVisible();
}

/** Fills in Dex's own login form. */
export async function answerDex(page: Page, { email, password }: Pick<Person, 'email' | 'password'>): Promise<void> {
  await page.locator('input[name="login"]').fill(email);
  await enterSecret(page.locator('input[name="password"]'), password);
  await page.locator('button[type="submit"]').click();
}

export async function signInWithDex(page: Page, somebody: Person, path = '/'): Promise<void> {
  await page.goto(path);
  await page.getByRole('button', { name: 'Sign in with your provider' }).click();
  await answerDex(page, somebody);
  await expect(whoYouAre(page)).toBeVisible();
}

export function whoYouAre(page: Page): Locator {
  return page.getByRole('region', { name: 'Who you are' });
}

/** The part of the page that lists one kind. */
export function section(page: Page, kind: string): Locator {
  return page.getByRole('region', { name: kind, exact: true });
}

/** Whether a resource may be listed, by the cluster's own answer through the proxy, asked from the page with its session. */
export async function statusOf(page: Page, path: string): Promise<number> {
  return page.evaluate(async (asked) => (await fetch(asked)).status, `/clusters/${CLUSTER}${path}`);
}

/** Keeps every answer the page gets, to be looked through at the end. */
export function recordAnswers(page: Page): { texts(): Promise<string[]> } {
  const bodies: Promise<string>[] = [];
  page.on('response', (response) => {
    const headers = Object.entries(response.headers())
      // Set-Cookie is where the ticket is handed to the browser; no script can read it.
      .filter(([name]) => name !== 'set-cookie')
      .map(([name, value]) => `${name}: ${value}`);
    const body = response.text().catch(() => ''); // redirects have none
    bodies.push(body.then((text) => `${response.url()}\n${headers.join('\n')}\n${text}`));
  });
  return { texts: () => Promise.all(bodies) };
}

/** Runs in the page, whose types these tests, which run in Node, do not know. */
const READABLE_IN_PAGE = `[
  document.documentElement.outerHTML,
  document.cookie,
  location.href,
  history.state,
  ...[localStorage, sessionStorage].map((storage) => JSON.stringify({ ...storage })),
  ...[...document.querySelectorAll('input')].map(({ value }) => value),
]`;

/** Everything a script in the page could read: its document, its storages, its cookies, its address and the server's answers. */
async function readableByScripts(page: Page, answers: { texts(): Promise<string[]> }): Promise<string> {
  const inPage = await page.evaluate<unknown[]>(READABLE_IN_PAGE);
  return [...inPage.map(String), ...(await answers.texts())].join('\n');
}

/** No script in the page can read a token, whether this one or any other. */
export async function expectNoTokenReadable(
  page: Page,
  answers: { texts(): Promise<string[]> },
  secrets: readonly string[] = [],
): Promise<void> {
  const readable = await readableByScripts(page, answers);
  expect(JWT.exec(readable)?.[0].slice(0, 16) ?? null, 'something that looks like a token').toBeNull();
  for (const secret of secrets) expect(readable.includes(secret), 'the very secret').toBe(false);
  expect(await page.evaluate('document.cookie'), 'cookies that scripts can read').toBe('');
}

/** The session cookie as the browser keeps it. */
export async function sessionCookie(
  page: Page,
): Promise<{ name: string; value: string; httpOnly: boolean; sameSite: string }> {
  const cookies = await page.context().cookies();
  const cookie = cookies.find(({ name }) => name.startsWith('lamplighter-session'));
  if (cookie === undefined) throw new Error('The browser holds no session cookie.');
  expect(TICKET.test(cookie.value), "whether the session cookie has a ticket's form").toBe(true);
  return cookie;
}

export async function expectNoSession(page: Page): Promise<void> {
  const names = (await page.context().cookies()).map(({ name }) => name);
  expect(names.filter((name) => name.startsWith('lamplighter-session'))).toEqual([]);
  expect(await statusOf(page, '/me')).toBe(401);
}
