/** Owns how much processor time another process has used. Linux only: the kernel counts it in nanoseconds there. */
import { readdirSync, readFileSync } from 'node:fs';

/** Microseconds, over all threads that still run (proc(5), `schedstat`: the first field is time on a processor). */
export function cpuMicroseconds(pid: number): number {
  const tasks = `/proc/${pid}/task`;
  return readdirSync(tasks).reduce((total, thread) => {
    const [nanoseconds = '0'] = readFileSync(`${tasks}/${thread}/schedstat`, 'utf8').split(' ');
    return total + Number(nanoseconds) / 1_000;
  }, 0);
}

/** What a process used per turn, in microseconds, while `turns` of something were done to it. */
export async function cpuPerTurn(pid: number, turns: number, work: () => Promise<void>): Promise<number> {
  const before = cpuMicroseconds(pid);
  await work();
  return (cpuMicroseconds(pid) - before) / turns;
}
