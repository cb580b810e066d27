/** Owns how a world's coming up is shown: one line a finished thing, and one that moves while somebody must wait. */
import type { ObtainEvent, WorldEvent } from '@lamplighter/testbed';

/** On a terminal the moving line is redrawn this often; anywhere else a line is added only this rarely. */
const TERMINAL_REDRAW_MS = 200;
const LOG_EVERY_MS = 15_000;

/** A stream that may be a terminal. */
export type Output = Pick<NodeJS.WritableStream, 'write'> & { readonly isTTY?: boolean; readonly columns?: number };

export interface Progress extends Disposable {
  /** Shows an event of a world. */
  show(event: WorldEvent): void;
  /** Names what is going on outside a world: "building the page". */
  begin(what: string): void;
  /** A line by itself. */
  note(text: string): void;
  /** Ends what was begun, with the time it took. */
  done(what: string): void;
  /** Ends what was begun although it came to nothing, and says why. */
  gaveUp(what: string, why: string): void;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function sentence(event: ObtainEvent): string {
  const usual = event.usualSeconds === undefined ? '' : `, usually ${event.usualSeconds} s on two idle cores`;
  return `${event.doing} ${event.part}: ${event.note}${usual}`;
}

/** Writes to standard error, so that standard output holds only what a command prints for others. */
export function createProgress(out: Output = process.stderr): Progress {
  let waiting: { what: string; key: string; since: number } | undefined;
  const clearLine = (): void => {
    if (out.isTTY) out.write('\r\x1b[2K');
  };
  const line = (text: string): void => {
    clearLine();
    out.write(`${text}\n`);
  };
  const wait = (key: string, what: string): void => {
    const fresh = waiting?.key !== key;
    waiting = { what, key, since: fresh ? performance.now() : (waiting?.since ?? performance.now()) };
    if (fresh && !out.isTTY) line(`… ${what}`);
  };
  const redraw = (): void => {
    if (waiting === undefined) return;
    const text = `… ${waiting.what} (${seconds(performance.now() - waiting.since)})`;
    if (out.isTTY) out.write(`\r\x1b[2K${text.slice(0, (out.columns ?? 80) - 1)}`);
    else out.write(`${text}\n`);
  };
  const timer = setInterval(redraw, out.isTTY ? TERMINAL_REDRAW_MS : LOG_EVERY_MS);
  timer.unref();
  const finish = (key: string, text: string): void => {
    const took = waiting?.key === key ? ` in ${seconds(performance.now() - waiting.since)}` : '';
    if (waiting?.key === key) waiting = undefined;
    line(`✓ ${text}${took}`);
  };
  const showObtain = (event: ObtainEvent): void => {
    if (event.doing === 'obtained') finish(event.part, `${event.part} ${event.note}`);
    else if (event.doing === 'repairing') line(`! ${event.note}`);
    else wait(event.part, sentence(event));
  };
  return {
    show: (event) => {
      if (event.kind === 'obtain') showObtain(event.obtain);
      else if (event.kind === 'swept') line(`✓ cleared what was left of: ${event.worlds.join(', ')}`);
      else if (event.kind === 'parts') {
        line(`✓ parts: ${event.parts.map(({ name, version, source }) => `${name} ${version} (${source})`).join(', ')}`);
        wait('world', 'starting the world');
      } else if (event.kind === 'up') finish('world', 'the world is up');
      else line(`✓ ${event.what} after ${seconds(event.sinceStartMs)}`);
    },
    note: (text) => line(`✓ ${text}`),
    begin: (what) => wait(what, what),
    done: (what) => finish(what, what),
    gaveUp: (what, why) => {
      if (waiting?.key === what) waiting = undefined;
      line(`! ${why}`);
    },
    [Symbol.dispose]: () => {
      clearInterval(timer);
      clearLine();
    },
  };
}
