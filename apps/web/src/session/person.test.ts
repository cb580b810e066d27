import type { MeResponse } from '@lamplighter/server/wire';
import { describe, expect, it } from 'vitest';
import { bindableGroups, bindCommand, readPerson } from './person.ts';

const ME: MeResponse = { username: 'vera', email: 'vera@lamplighter.test', groups: ['viewers'], userInfoURL: '' };
const REVIEW = {
  status: { userInfo: { username: 'dex:vera', groups: ['dex:viewers', 'system:authenticated'] } },
};

describe('a person', () => {
  it('is named by the session and bound by the cluster’s own names', () => {
    expect(readPerson(ME, REVIEW)).toEqual({
      name: 'vera',
      username: 'dex:vera',
      groups: ['dex:viewers'],
      groupsIncomplete: false,
    });
  });

  it('keeps the session’s names where the cluster does not say', () => {
    expect(readPerson(ME, null)).toEqual({
      name: 'vera',
      username: 'vera',
      groups: ['viewers'],
      groupsIncomplete: false,
    });
  });

  it.each([
    [{ ...ME, username: '' }, 'vera@lamplighter.test'],
    [{ ...ME, username: '', email: '' }, 'dex:vera'],
  ])('of whom the session knows less is still called something', (me, name) => {
    expect(readPerson(me, REVIEW).name).toBe(name);
  });

  it('is known to be in more groups than are named, when the provider left some out', () => {
    expect(readPerson({ ...ME, groupsIncomplete: true }, REVIEW).groupsIncomplete).toBe(true);
  });

  it('is not to be given rights through groups that hold everyone', () => {
    const groups = ['dex:viewers', 'system:serviceaccounts', 'system:serviceaccounts:people'];
    expect(bindableGroups({ name: 'v', username: 'v', groups, groupsIncomplete: false })).toEqual(['dex:viewers']);
  });
});

describe('the command that gives rights', () => {
  const command = (username: string): string =>
    bindCommand({ name: '', username, groups: [], groupsIncomplete: false }, 'team-a');

  it('names a user', () => {
    expect(command('dex:vera@lamplighter.test')).toContain('--user=dex:vera@lamplighter.test ');
  });

  it('names a service account by namespace and name', () => {
    expect(command('system:serviceaccount:people:nobody')).toContain('--serviceaccount=people:nobody ');
  });

  it('holds nothing a shell would run, whatever a provider calls somebody', () => {
    expect(command("x'; rm -rf $(pwd)")).toContain(`'--user=x'\\''; rm -rf $(pwd)'`);
  });
});
