/** Owns a sign-in with Dex without a browser: its pages are asked for and its form is sent as one would. */
import type { Person } from '@lamplighter/fixtures';
import type { TrustingFetch } from '../certificates/trusting-fetch.ts';

const HOPS_MOST = 6;

/** @returns the address Dex sends the browser back to. */
export async function answerDexForm(
  { fetch: ask }: TrustingFetch,
  authorizationUrl: string,
  person: Person,
): Promise<string> {
  let at = authorizationUrl;
  for (let hop = 0; hop < HOPS_MOST; hop++) {
    const page = await ask(at, { redirect: 'manual' });
    const next = page.headers.get('location');
    if (next === null) break;
    at = new URL(next, at).href;
  }
  const body = new URLSearchParams({ login: person.email, password: person.password });
  const answered = await ask(at, { method: 'POST', body, redirect: 'manual' });
  const back = answered.headers.get('location');
  if (back === null) throw new Error(`Dex answered ${answered.status} to its form.`);
  return new URL(back, at).href;
}
