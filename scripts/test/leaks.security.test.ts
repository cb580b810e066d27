import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leaksIn } from './leaks.ts';

const CLIENT_SECRET = 'the-secret-that-a-world-has-made';
const JWT = `${Buffer.from('{"alg":"ES256"}').toString('base64url')}.${'p'.repeat(40)}.${'s'.repeat(43)}`;
const TICKET = `1.${'i'.repeat(22)}.${'k'.repeat(43)}`;

/** Below this workspace, so that a journey in it finds Playwright. */
const reports = fileURLToPath(new URL('../reports/', import.meta.url));
let folder: string;
beforeAll(() => {
  mkdirSync(reports, { recursive: true });
  folder = mkdtempSync(join(reports, 'leaks-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function report(name: string, files: Record<string, string | Buffer>): string {
  const root = join(folder, name);
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(join(root, file, '..'), { recursive: true });
    writeFileSync(join(root, file), content);
  }
  return root;
}

/** One deflated entry, as far as a reader needs it (PKWARE APPNOTE.TXT, 4.3). */
function zipOf(name: string, text: string): Buffer {
  const packed = deflateRawSync(text);
  const local = Buffer.alloc(30);
  local.write('PK\x03\x04', 'latin1');
  local.writeUInt16LE(name.length, 26);
  const directory = Buffer.alloc(46);
  directory.write('PK\x01\x02', 'latin1');
  directory.writeUInt16LE(8, 10);
  directory.writeUInt32LE(packed.length, 20);
  directory.writeUInt16LE(name.length, 28);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(local.length + name.length + packed.length, 16);
  return Buffer.concat([local, Buffer.from(name), packed, directory, Buffer.from(name), end]);
}

describe('a report that would give away', () => {
  it.each([
    ['a token', `{"title":"Fill \\"${JWT}\\""}`, 'holds something that looks like a token.'],
    [
      "a session's ticket",
      `cookie: lamplighter-session-0=${TICKET}`,
      "holds something that looks like a session's ticket.",
    ],
    ["the provider's client secret", `secret ${CLIENT_SECRET}`, "holds the provider's client secret."],
    [
      'the client secret as basic authentication',
      `Basic ${Buffer.from(`lamplighter:${CLIENT_SECRET}`).toString('base64')}`,
      "holds the provider's client secret.",
    ],
  ])('%s is found, and told without it', async (what, text, sentence) => {
    const root = report(what, { 'report.json': text, 'junit.xml': 'nothing' });
    expect(await leaksIn(root, CLIENT_SECRET)).toEqual([`report.json ${sentence}`]);
  });

  it('a token within a trace is found, and a zip that is broken is not taken for a clean one', async () => {
    const whole = zipOf('trace.txt', JWT);
    const root = report('traces', {
      'artifacts/one/trace.zip': whole,
      'artifacts/two/trace.zip': whole.subarray(0, whole.length - 30),
    });
    expect(await leaksIn(root, CLIENT_SECRET)).toEqual([
      'artifacts/one/trace.zip holds something that looks like a token.',
      "artifacts/two/trace.zip holds a zip that can't be looked through.",
    ]);
  });
});

describe('what is no leak', () => {
  it('is a file that no journey wrote', async () => {
    const root = report('precious', { 'mine.txt': JWT, 'report.json': '{}' });
    expect(await leaksIn(root, CLIENT_SECRET)).toEqual([]);
  });

  it('is a report without secrets', async () => {
    const root = report('clean', { 'report.json': '{"a":1.5}', 'html/index.html': '<p>1.0.0</p>' });
    expect(await leaksIn(root, CLIENT_SECRET)).toEqual([]);
  });
});

it("a step's title in Playwright's own HTML report is found, wherever this version keeps it", async () => {
  const root = report('real', {
    'journeys/one.spec.ts': `import { test } from '@playwright/test';\ntest('one', () => test.step('Fill ${JWT}', () => {}));`,
    'playwright.config.ts':
      "export default { testDir: 'journeys', reporter: [['html', { outputFolder: 'html', open: 'never' }]] };",
  });
  const cli = fileURLToPath(new URL('../node_modules/@playwright/test/cli.js', import.meta.url));
  const { status, stdout } = spawnSync(process.execPath, [cli, 'test', '-c', root], { cwd: root, encoding: 'utf8' });
  expect(status, stdout).toBe(0);
  expect(readFileSync(join(root, 'html', 'index.html'), 'latin1')).not.toContain(JWT);
  expect(await leaksIn(root, CLIENT_SECRET)).toEqual(['html/index.html holds something that looks like a token.']);
}, 30_000);
