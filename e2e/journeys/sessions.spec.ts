import { expect, person, test } from '../world/fixture.ts';
import { answerDex, CLUSTER, signInWithDex, statusOf, whoYouAre } from './steps.ts';

test.describe('somebody who is signed in on two browsers', () => {
  test('sees both, ends the other one, and keeps their own [C30]', async ({ page, browser, baseURL }) => {
    const elsewhere = await browser.newContext({ baseURL: baseURL ?? '' });
    const other = await elsewhere.newPage();
    await signInWithDex(other, person('ada'));
    await signInWithDex(page, person('ada'));
    await page.getByRole('link', { name: 'Your sessions' }).click();
    const table = page.getByRole('table', { name: 'Where you are signed in' });
    await expect(table.getByText('This browser')).toHaveCount(1);
    const before = await table.getByRole('button', { name: 'End', exact: true }).count();
    expect(before).toBeGreaterThan(0);
    await page.getByRole('button', { name: 'End all others' }).click();
    await page.getByRole('button', { name: 'Really end all others?' }).click();
    await expect(table.getByRole('button', { name: 'End', exact: true })).toHaveCount(0);
    expect(await statusOf(other, '/me')).toBe(401);
    expect(await statusOf(page, '/me')).toBe(200);
    await elsewhere.close();
  });
});

test.describe('a sign-in in a window of its own', () => {
  test('closes that window by itself, and the page goes on where it was wanted', async ({ page }) => {
    await page.goto(`/c/${CLUSTER}?namespace=team-orchid`);
    const opened = page.waitForEvent('popup');
    await page.getByRole('button', { name: 'Sign in in a new window' }).click();
    const popup = await opened;
    const closed = popup.waitForEvent('close');
    await answerDex(popup, person('devi'));
    await closed;
    await expect(page).toHaveURL(`/c/${CLUSTER}?namespace=team-orchid`);
    await expect(whoYouAre(page)).toContainText('devi');
  });
});
