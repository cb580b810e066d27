import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startEgress } from './egress.ts';

let stack: AsyncDisposableStack;
let socketPath: string;
beforeEach(() => {
  stack = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), 'egress-'));
  stack.defer(() => rmSync(folder, { recursive: true }));
  socketPath = join(folder, 'egress.sock');
});
afterEach(() => stack.disposeAsync());

/** The status line's code of a CONNECT, and what the far side says through the tunnel when there is one. */
function tunnelTo(authority: string): Promise<{ status: number | undefined; said: string }> {
  return new Promise((resolve, reject) => {
    const connecting = request({ socketPath, method: 'CONNECT', path: authority });
    connecting.once('error', reject);
    connecting.once('connect', (answer, socket) => {
      let said = '';
      socket.setEncoding('utf8').on('data', (chunk: string) => {
        said += chunk;
      });
      socket.once('close', () => resolve({ status: answer.statusCode, said }));
      if (answer.statusCode === 200) socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
      else socket.end();
    });
    connecting.end();
  });
}

describe("a world's egress socket", () => {
  it('leads to what the map says a name is', async () => {
    const far = createServer((_request, response) => response.end('the far side'));
    await new Promise<void>((resolve) => far.listen(0, '127.0.0.1', resolve));
    stack.defer(() => new Promise((resolve) => far.close(() => resolve())));
    const address = far.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    stack.use(await startEgress(socketPath, new Map([['issuer.test:443', { host: '127.0.0.1', port: address.port }]])));
    const { status, said } = await tunnelTo('issuer.test:443');
    expect(status).toBe(200);
    expect(said).toContain('the far side');
  });

  it('leads nowhere else, so a world can not reach out by accident', async () => {
    stack.use(await startEgress(socketPath, new Map()));
    expect(await tunnelTo('127.0.0.1:22')).toEqual({ status: 502, said: '' });
  });

  it('says so when nobody is there', async () => {
    stack.use(await startEgress(socketPath, new Map([['issuer.test:443', { host: '127.0.0.1', port: 1 }]])));
    expect((await tunnelTo('issuer.test:443')).status).toBe(502);
  });
});
