/** Owns a look into another Node process's memory, through its inspector: garbage is collected first, so two looks can be compared. */
import { WebSocket } from 'undici';
import { z } from 'zod';

export interface Memory {
  readonly heapBytes: number;
  /** Buffers and what native code asked for through V8; SQLite's own memory is in neither. */
  readonly externalBytes: number;
  readonly residentBytes: number;
}

const usage: z.ZodType<{ heapUsed: number; external: number; rss: number }> = z.object({
  heapUsed: z.number(),
  external: z.number(),
  rss: z.number(),
});

const answer = z.object({ id: z.number().optional(), result: z.unknown() });

/** @param inspector - the address Node prints when it is started with `--inspect`. */
export async function readMemory(inspector: string): Promise<Memory> {
  const socket = new WebSocket(inspector);
  try {
    await new Promise<void>((resolve, reject) => {
      socket.addEventListener('open', () => resolve());
      socket.addEventListener('error', () => reject(new Error('The inspector does not answer.')));
    });
    await ask(socket, 1, 'HeapProfiler.collectGarbage', {});
    const expression = 'JSON.stringify(process.memoryUsage())';
    const said = await ask(socket, 2, 'Runtime.evaluate', { expression });
    const text = z.object({ result: z.object({ value: z.string() }) }).parse(said).result.value;
    const { heapUsed, external, rss } = usage.parse(JSON.parse(text));
    return { heapBytes: heapUsed, externalBytes: external, residentBytes: rss };
  } finally {
    socket.close();
  }
}

function ask(socket: WebSocket, id: number, method: string, params: object): Promise<unknown> {
  return new Promise((resolve) => {
    const read = ({ data }: { data: unknown }): void => {
      const message = answer.parse(JSON.parse(String(data)));
      if (message.id !== id) return;
      socket.removeEventListener('message', read);
      resolve(message.result);
    };
    socket.addEventListener('message', read);
    socket.send(JSON.stringify({ id, method, params }));
  });
}
