import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { TestbedError } from './errors.ts';
import { freePort, withFreePort } from './ports.ts';

describe('finding a port', () => {
  it('gives the favourite when nobody has it, and another when somebody does', async () => {
    const favourite = await freePort('127.0.0.1');
    expect(await freePort('127.0.0.1', favourite)).toBe(favourite);
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(favourite, '127.0.0.1', resolve));
    expect(await freePort('127.0.0.1', favourite)).not.toBe(favourite);
    await new Promise((resolve) => holder.close(resolve));
  });

  it('tries another port when somebody takes the probed one first, and gives up after a few', async () => {
    const tried: number[] = [];
    const taken = async (port: number): Promise<never> => {
      tried.push(port);
      throw new TestbedError('port-in-use', 'taken');
    };
    await expect(withFreePort('127.0.0.1', taken)).rejects.toThrow('taken');
    expect(tried.length).toBe(4);
  });

  it('does not try again after any other failure', async () => {
    let tries = 0;
    const broken = async (): Promise<never> => {
      tries++;
      throw new TestbedError('part-died', 'broken');
    };
    await expect(withFreePort('127.0.0.1', broken)).rejects.toThrow('broken');
    expect(tries).toBe(1);
  });
});
