import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { configOf, file, folder, load, problemsOf } from './load.fixture.ts';

const keys = [randomBytes(32), randomBytes(32)];
const keyFile = file('keys', `${keys.map((key) => key.toString('base64')).join('\r\n')}\n`);
const KEYS = `--session-key-file=${keyFile}`;

test('keys come from a file, the first one first', () => {
  expect(configOf(load([KEYS])).sessions.keys).toEqual(keys);
});

test('an idle limit is part of the configuration, and may be as long as a session', () => {
  expect(configOf(load(['--session-idle-ttl=600'])).sessions.idleTtlSeconds).toBe(600);
  expect(configOf(load(['--session-idle-ttl=60', '--session-ttl=60'])).sessions.idleTtlSeconds).toBe(60);
});

test.each([
  ['longer than a session', ['--session-idle-ttl=61', '--session-ttl=60'], /is longer than --session-ttl=60/],
  ['longer than a session’s default', ['--session-idle-ttl=86401'], /is longer than --session-ttl=86400/],
  ['of no time', ['--session-idle-ttl=0'], /from 1 to 31536000/],
  ['of more than a year', ['--session-idle-ttl=31536001'], /from 1 to 31536000/],
  ['of no number', ['--session-idle-ttl=1h'], /from 1 to 31536000/],
])('an idle limit %s is refused in one sentence', (_, argv, said) => {
  const problems = problemsOf(load(argv));
  expect(problems.length).toBe(1);
  expect(problems[0]).toMatch(/^--session-idle-ttl: /);
  expect(problems[0]).toMatch(said);
});

test('an idle limit is not compared with a session limit that was refused', () => {
  expect(problemsOf(load(['--session-idle-ttl=100000', '--session-ttl=0'])).length).toBe(1);
});

test.each([
  ['redis://r:6379', 'redis://r:6379'],
  ['rediss://r', 'rediss://r'],
  ['REDISS://r/2', 'rediss://r/2'],
  ['valkey://user:p4ss@r:6379/0', 'redis://user:p4ss@r:6379/0'],
  ['valkeys://:p4ss@[::1]:6379', 'rediss://:p4ss@[::1]:6379'],
])('the store %s is a Redis or Valkey server', (value, url) => {
  expect(configOf(load([KEYS, `--session-store=${value}`])).sessions.store).toEqual({ kind: 'redis', url });
});

test.each([
  ['memory', { kind: 'memory' }],
  [join(folder, 'a.db'), { kind: 'file', path: join(folder, 'a.db') }],
  ['a.db', { kind: 'file', path: join(process.cwd(), 'a.db') }],
])('the store %s is what it says', (value, store) => {
  expect(configOf(load([KEYS, `--session-store=${value}`])).sessions.store).toEqual(store);
});

test.each([
  'redis:r',
  'redis://',
  'redis://r/zero',
  'redis://r/0?password=p4ss',
  'redis://u:p4ss@r/0#x',
  'redis://a b',
  'redis+sentinel://r',
  'unix:///run/redis.sock',
  'postgres://u:p4ss@r/lamp',
  'file:///tmp/a.db',
])('the store %s is refused, and never the name of a file', (value) => {
  const problems = problemsOf(load([KEYS, `--session-store=${value}`]));
  expect(problems).toEqual([expect.stringMatching(/^--session-store: was given .*; accepted: `memory`, the path/)]);
  expect(problems.join()).not.toContain('p4ss');
});

test('without a key file: memory is silent, a file warns, and what replicas share is refused', () => {
  expect(configOf(load([])).warnings).toEqual([]);
  expect(configOf(load([`--session-store=${join(folder, 'b.db')}`])).warnings).toEqual([
    expect.stringMatching(/^No --session-key-file is set: at a restart logins in flight are lost/),
  ]);
  expect(configOf(load([KEYS, `--session-store=${join(folder, 'b.db')}`])).warnings).toEqual([]);
  expect(problemsOf(load(['--session-store=redis://u:p4ss@r']))).toEqual([
    expect.stringMatching(/^--session-key-file: is missing: replicas that share a Redis or Valkey store/),
  ]);
});
