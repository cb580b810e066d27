import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findRedisServer, NO_REDIS_SERVER, startRedisServer } from '../../testing/redis-server.ts';
import { openStore } from '../open-store.ts';
import { ada, KEY, main, NOW, other, robot } from '../sessions.fixture.ts';
import { createSessions, type NewSession, type Sessions } from '../sessions.ts';
import { runSessionsCommand } from './run-command.ts';

const skipped = findRedisServer() === null ? ` (skipped: ${NO_REDIS_SERVER})` : '';
const now = () => NOW + 90;
const ISSUER = 'https://idp.example';
const SUBJECT = '248289761001';

interface RunningServer extends AsyncDisposable {
  readonly folder: string;
  readonly store: string;
  readonly sessions: Sessions;
  /** What the command says, with the store and keys of this server in its environment. */
  run(...argv: readonly string[]): Promise<string>;
  begin(...sessions: readonly NewSession[]): Promise<readonly string[]>;
}

/** A server's store that is open and in use while the command runs. */
async function startStore(url?: string): Promise<RunningServer> {
  const folder = mkdtempSync(join(tmpdir(), 'lamplighter-operator-'));
  const path = join(folder, 'sessions.db');
  const keyFile = join(folder, 'keys');
  writeFileSync(keyFile, Buffer.from(KEY).toString('base64'));
  const config = url === undefined ? ({ kind: 'file', path } as const) : ({ kind: 'redis', url } as const);
  const store = await openStore(config, { now, onTrouble: () => undefined });
  const limits = { ttlSeconds: 3_600, idleTtlSeconds: null };
  const sessions = createSessions({ store, limits, keys: [KEY], now });
  const environment = { LAMPLIGHTER_SESSION_STORE: url ?? path, HEADLAMP_CONFIG_SESSION_KEY_FILE: keyFile };
  return {
    folder,
    store: url ?? path,
    sessions,
    run: async (...argv) => {
      const outcome = await runSessionsCommand(argv, environment, now);
      return outcome.kind === 'done' ? outcome.text : `failed: ${outcome.problems.join('\n')}`;
    },
    begin: async (...begun) => {
      const tickets: string[] = [];
      for (const session of begun) tickets.push((await sessions.begin(session, [])).ticket);
      return tickets;
    },
    [Symbol.asyncDispose]: async () => {
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
}

async function isLive({ sessions }: RunningServer, ticket: string | undefined, cluster = main): Promise<boolean> {
  return (await sessions.find(ticket ?? '', cluster)).ok;
}

test('an operator sees every session, with its times and nothing that opens it [C30]', async () => {
  await using server = await startStore();
  const [ticket = ''] = await server.begin(ada, robot);
  const lines = (await server.run('list')).trimEnd().split('\n');
  expect(lines[0]?.split(/ {2,}/)).toEqual(['SESSION', 'CREATED', 'LAST USED', 'EXPIRES']);
  expect(lines.slice(1).map((line) => line.split(/ {2,}/).slice(1))).toEqual(
    Array(2).fill(['2027-01-15T08:01:30Z', '2027-01-15T08:01:30Z', '2027-01-15T09:01:30Z']),
  );
  const told = (await server.run('list')) + (await server.run('list', '--json'));
  for (const secret of [...ticket.split('.').slice(1), ada.bearer, ada.person.username])
    expect(told).not.toContain(secret);
});

test('as JSON a list is one object on one line', async () => {
  await using server = await startStore();
  await server.begin(ada);
  const text = await server.run('list', '--json');
  expect(text.split('\n').length).toBe(2);
  expect(JSON.parse(text)).toEqual({
    sessions: [
      {
        handle: expect.stringMatching(/^[\w-]{43}$/),
        createdAt: '2027-01-15T08:01:30Z',
        usedAt: '2027-01-15T08:01:30Z',
        expiresAt: '2027-01-15T09:01:30Z',
      },
    ],
  });
});

test('an operator ends all sessions of one person who signed in with a provider, at once for the server [C30]', async () => {
  await using server = await startStore();
  const [first, second, theirs] = await server.begin(ada, { ...ada, cluster: other }, robot);
  expect(await server.run('end', '--user', SUBJECT, '--issuer', `${ISSUER}/`)).toBe('0 sessions ended.\n');
  expect(JSON.parse(await server.run('list', '--json', '--user', SUBJECT, '--issuer', ISSUER)).sessions.length).toBe(2);
  expect(await server.run('end', '--user', SUBJECT, '--issuer', ISSUER)).toBe('2 sessions ended.\n');
  expect(await isLive(server, first)).toBe(false);
  expect(await isLive(server, second, other)).toBe(false);
  expect(await isLive(server, theirs)).toBe(true);
  expect(await server.run('list', '--user', SUBJECT, '--issuer', ISSUER)).toBe('No sessions.\n');
});

test('an operator ends the sessions of whoever signed in with a token, in one cluster [C30]', async () => {
  await using server = await startStore();
  const [mine, elsewhere] = await server.begin(robot, { ...robot, cluster: other });
  const { username } = robot.person;
  expect(await server.run('end', '--user', username, '--cluster', 'main', '--json')).toBe('{"ended":1}\n');
  expect([await isLive(server, mine), await isLive(server, elsewhere, other)]).toEqual([false, true]);
});

test('an operator ends everybody’s sessions [C30]', async () => {
  await using server = await startStore();
  const [first, second] = await server.begin(ada, robot);
  expect(await server.run('end', '--all')).toBe('2 sessions ended.\n');
  expect([await isLive(server, first), await isLive(server, second)]).toEqual([false, false]);
});

test('the issuer is the server’s own when none is given, the one its tokens are compared with first', async () => {
  await using server = await startStore();
  await server.begin(ada);
  const flags = ['--session-store', server.store, '--session-key-file', join(server.folder, 'keys')];
  const run = (environment: Record<string, string>) =>
    runSessionsCommand(['list', '--user', SUBJECT, ...flags], environment, now);
  const found = { kind: 'done', text: expect.stringContaining('SESSION') };
  expect(await run({ HEADLAMP_CONFIG_OIDC_IDP_ISSUER_URL: ISSUER })).toEqual(found);
  const both = { LAMPLIGHTER_OIDC_ISSUER_URL: 'https://other', LAMPLIGHTER_OIDC_VALIDATOR_IDP_ISSUER_URL: ISSUER };
  expect(await run(both)).toEqual(found);
  expect(await run({})).toMatchObject({ kind: 'failed', problems: [expect.stringContaining('--issuer')] });
});

test.skipIf(skipped !== '')(`an operator ends sessions in Redis${skipped}`, async () => {
  await using redis = await startRedisServer('s3cret');
  await using server = await startStore(redis.url);
  const [ticket] = await server.begin(ada);
  expect(await server.run('end', '--user', SUBJECT, '--issuer', ISSUER)).toBe('1 session ended.\n');
  expect(await isLive(server, ticket)).toBe(false);
  await redis.kill();
  expect(await server.run('list')).toBe('failed: the session store does not answer');
});

test.each([
  ['nothing to do', [], 'say `sessions list` or `sessions end`.'],
  ['something else to do', ['destroy'], 'say `sessions list` or `sessions end`.'],
  ['more words', ['end', 'ada'], 'say `sessions list` or `sessions end`.'],
  ['nobody to end', ['end'], 'either --user, or --all.'],
  ['everybody and somebody', ['end', '--all', '--user', 'a', '--cluster', 'c'], 'either --user, or --all.'],
  ['a list of all', ['list', '--all'], 'leave out --all.'],
  ['an unknown flag', ['list', '--frobnicate'], "Unknown option '--frobnicate'"],
  ['a flag without its value', ['end', '--user'], "'--user <value>' argument missing"],
  ['an empty name', ['end', '--user='], '--user needs a value.'],
  ['an issuer without a user', ['list', '--issuer', 'https://a'], 'say whose --user is meant.'],
  ['an issuer and a cluster', ['end', '--user=a', '--issuer=https://a', '--cluster=b'], 'keep one.'],
])('%s is refused in words', async (_, argv, said) => {
  await using server = await startStore();
  const [ticket] = await server.begin(robot);
  expect(await server.run(...argv)).toMatch(/^failed: /);
  expect(await server.run(...argv)).toContain(said);
  expect(await isLive(server, ticket)).toBe(true);
});

test.each([
  ['sessions in memory', {}, 'known to their server alone'],
  ['a file that is not there', { LAMPLIGHTER_SESSION_STORE: '/nowhere/a.db' }, '/nowhere/a.db does not exist.'],
  ['another kind of URL', { LAMPLIGHTER_SESSION_STORE: 'http://a' }, 'LAMPLIGHTER_SESSION_STORE: was given "http://a"'],
  [
    'keys that are none',
    { LAMPLIGHTER_SESSION_KEY_FILE: '/dev/null' },
    'LAMPLIGHTER_SESSION_KEY_FILE: names /dev/null',
  ],
])('%s cannot be listed, and that is said in words', async (_, environment, said) => {
  const outcome = await runSessionsCommand(['list'], environment, now);
  expect(outcome).toMatchObject({ kind: 'failed', problems: [expect.stringContaining(said)] });
});

test('a person cannot be looked for without the server’s keys', async () => {
  await using server = await startStore();
  const environment = { LAMPLIGHTER_SESSION_STORE: server.store };
  const outcome = await runSessionsCommand(['end', '--user', 'a', '--cluster', 'main'], environment, now);
  expect(outcome).toMatchObject({ kind: 'failed', problems: [expect.stringContaining('--session-key-file')] });
  expect(await runSessionsCommand(['list'], environment, now)).toMatchObject({ kind: 'done' });
});

test.each([['--help'], ['-h'], ['help'], ['end', '--help']])('help is given for %s', async (...argv) => {
  expect(await runSessionsCommand(argv, {}, now)).toMatchObject({
    kind: 'done',
    text: expect.stringContaining('sessions end --user'),
  });
});
