/** Owns what a person is told about a world that is up: where to go, who can sign in, where to look. */
import type { World } from '@lamplighter/fixtures';
import { logFolder } from '@lamplighter/testbed';

/** The way to read a world's own people, aligned for a terminal. */
export function worldSummary(world: World): string {
  const width = Math.max(...world.people.map(({ email }) => email.length));
  const passwords = Math.max(...world.people.map(({ password }) => password.length));
  const people = world.people.map(
    ({ email, password, role, name }) =>
      `  ${email.padEnd(width)}  ${password.padEnd(passwords)}  ${role.padEnd(9)}  npx pnpm@12 -s world:token ${name} --name ${world.name}`,
  );
  const providers = Object.entries(world.providers).map(
    ([name, { issuer, emulated }]) => `${name}${emulated ? ' (emulated)' : ''} ${issuer}`,
  );
  return [
    '',
    `  ${world.target.url}`,
    '',
    '  people (e-mail, password, role, a fresh token for the token page):',
    ...people,
    '',
    `  provider    ${providers.join(', ')}`,
    `  kubeconfig  ${world.kubeconfig}`,
    `  logs        ${logFolder(world)}`,
    '',
  ].join('\n');
}
