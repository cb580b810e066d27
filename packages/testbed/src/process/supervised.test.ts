import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isAlive } from './identity.ts';
import { readyOrDead, type StartedProcess, startProcess } from './supervised.ts';
import { waitFor } from './wait.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'testbed-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function start(script: string, stopSignal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<StartedProcess> {
  const logFile = join(folder, 'part.log');
  return startProcess({
    name: 'a part',
    command: process.execPath,
    args: ['-e', script],
    cwd: folder,
    logFile,
    stopSignal,
  });
}

describe('a supervised process', () => {
  it('is alive while it runs and gone once it was stopped', async () => {
    const part = await start('setInterval(() => {}, 1000)');
    const identity = part.identity;
    expect(identity && isAlive(identity)).toBe(true);
    const stopped = await part.stop();
    expect(stopped).toMatchObject({ state: 'stopped', name: 'a part', exit: { signal: 'SIGTERM' } });
    expect(identity && isAlive(identity)).toBe(false);
  });

  it('is killed when it does not end after being asked', async () => {
    const part = await start("process.on('SIGTERM', () => {}); console.log('deaf'); setInterval(() => {}, 1000)");
    const probe = async (): Promise<true | string> => part.logTail().includes('deaf') || 'not yet';
    await readyOrDead(part, (signal) => waitFor({ for: 'its first word', timeoutMs: 10_000, probe, signal }));
    expect((await part.stop()).exit.signal).toBe('SIGKILL');
  });

  it('is reported by name, with exit code and last words, when it ends while its readiness is awaited', async () => {
    const part = await start("console.error('flag provided but not defined'); process.exit(3)");
    const never = readyOrDead(part, () => new Promise(() => undefined));
    await expect(never).rejects.toMatchObject({
      code: 'part-died',
      message: 'a part ended unexpectedly with exit code 3.',
      details: expect.stringContaining('flag provided but not defined'),
    });
  });

  it('asks for another port when its log speaks of a taken one', async () => {
    const part = await start("console.error('listen tcp 127.0.0.1:1: bind: address already in use'); process.exit(1)");
    const never = readyOrDead(part, () => new Promise(() => undefined));
    await expect(never).rejects.toMatchObject({ code: 'port-in-use' });
  });

  it('stops whoever awaited its readiness from asking on, once it has died', async () => {
    const part = await start('process.exit(0)');
    let aborted = false;
    const ready = readyOrDead(part, (signal) => {
      signal.addEventListener('abort', () => {
        aborted = true;
      });
      return new Promise(() => undefined);
    });
    await expect(ready).rejects.toThrow('a part ended');
    expect(aborted).toBe(true);
  });

  it('says that a command can not be run instead of hanging', async () => {
    const logFile = join(folder, 'part.log');
    const missing = join(folder, 'nothing');
    const part = startProcess({ name: 'a part', command: missing, args: [], cwd: folder, logFile }).then(
      // Under setpriv the missing command is an exit, without it a failed spawn: both are failures by name.
      (started) => readyOrDead(started, () => new Promise(() => undefined)),
    );
    await expect(part).rejects.toThrow('a part');
  });
});
