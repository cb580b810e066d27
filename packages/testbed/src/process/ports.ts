/** Owns the finding of free ports for parts that must be told theirs before they listen. */
import { createServer } from 'node:net';
import { PORT_TRIES } from '../constants.ts';
import { systemCode, TestbedError } from './errors.ts';

/** Whether nobody listens at `host:port`; port 0 asks the system for any. Resolves to the port, or undefined when it is taken. */
function tryPort(host: string, port: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error) => (systemCode(error) === 'EADDRINUSE' ? resolve(undefined) : reject(error)));
    probe.listen({ host, port, exclusive: true }, () => {
      const address = probe.address();
      probe.close(() => resolve(address !== null && typeof address === 'object' ? address.port : undefined));
    });
  });
}

/**
 * A port that was free a moment ago: `favourite` when it is, else any. Somebody may still take it first, which is why parts
 * start under `withFreePort`.
 *
 * @throws TestbedError `port-in-use` when the system has none to give.
 */
export async function freePort(host: string, favourite = 0): Promise<number> {
  const port = (favourite === 0 ? undefined : await tryPort(host, favourite)) ?? (await tryPort(host, 0));
  if (port === undefined) throw new TestbedError('port-in-use', `No free port was to be had on ${host}.`);
  return port;
}

/**
 * Starts something on a probed port, and again on another when that one was taken in between.
 *
 * @param start Rejects with a TestbedError `port-in-use` to ask for another port; anything else is final.
 */
export async function withFreePort<T>(host: string, start: (port: number) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start(await freePort(host));
    } catch (thrown) {
      const again = thrown instanceof TestbedError && thrown.code === 'port-in-use' && attempt < PORT_TRIES;
      if (!again) throw thrown;
    }
  }
}
