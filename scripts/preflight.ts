/** Owns `pnpm preflight`: which parts are here, how the others would be obtained, and what this machine can therefore run. Starts and obtains nothing. */
import { partNames, pins } from '@lamplighter/fixtures';
import { cacheFolderOf, findBrowser, findGo, findPart, findRedis } from '@lamplighter/testbed';
import { chromium } from '@playwright/test';
import { command, givenArguments } from './cli/options.ts';
import { runCommand } from './cli/run.ts';

const options = command(
  'preflight',
  'Show which parts are here and how the others would be obtained. Exits 1 when a world can not be had.',
)
  .option('--json', 'print one object for programs')
  .parse(givenArguments(), { from: 'user' })
  .opts<{ json?: true }>();

interface Row {
  readonly part: string;
  readonly version: string;
  /** `explicit`, `path`, `cache`: here; `obtain`: will be downloaded or built; `missing`: can't be had. */
  readonly state: 'explicit' | 'path' | 'cache' | 'installed' | 'playwright' | 'obtain' | 'missing';
  /** A path, or what would happen. */
  readonly note: string;
}

async function partRows(goFound: boolean): Promise<Row[]> {
  const context = { env: process.env, cacheFolder: cacheFolderOf(process.env), onEvent: () => undefined };
  return Promise.all(
    partNames.map(async (part): Promise<Row> => {
      const found = await findPart(part, context);
      if (!('misses' in found)) {
        // Looking never obtains: the source is one of the first three places.
        const state = found.source === 'explicit' || found.source === 'path' ? found.source : 'cache';
        return { part, version: found.version, state, note: found.path };
      }
      const { version, download, build } = pins.parts[part];
      const built = `built from source, usually ${build.usualSeconds} s on two idle cores`;
      if (download)
        return {
          part,
          version,
          state: 'obtain',
          note: goFound ? `official download, else ${built}` : 'official download',
        };
      return goFound
        ? { part, version, state: 'obtain', note: built }
        : { part, version, state: 'missing', note: found.misses.join('; ') };
    }),
  );
}

async function browserRow(): Promise<Row> {
  const found = await findBrowser(process.env, chromium.executablePath());
  if (found) return { part: 'chromium', version: '', state: found.source, note: found.path };
  return { part: 'chromium', version: '', state: 'obtain', note: "Playwright's own download, else Debian's package" };
}

/** The session stores' tests want one; worlds do not, so lacking it is never in a world's way. */
async function redisRow(): Promise<Row> {
  const path = await findRedis(process.env);
  if (path === undefined) {
    return {
      part: 'redis',
      version: '',
      state: 'obtain',
      note: "taken out of Debian's or Ubuntu's packages; elsewhere install valkey or redis",
    };
  }
  const ours = path.startsWith(cacheFolderOf(process.env));
  const state = process.env['LAMPLIGHTER_REDIS'] ? 'explicit' : ours ? 'cache' : 'path';
  return { part: 'redis', version: '', state, note: path };
}

await runCommand(async () => {
  const go = await findGo(process.env);
  const rows = [...(await partRows(!('miss' in go))), await browserRow(), await redisRow()];
  const possible = rows.every(({ state }) => state !== 'missing');
  const runtime = {
    chosen: 'native',
    why: possible ? 'every part is here or can be obtained' : 'a part can not be had',
  };
  if (options.json) {
    console.log(JSON.stringify({ possible, runtime, go: 'miss' in go ? null : go, parts: rows }, null, 2));
    return possible ? 0 : 1;
  }
  const width = Math.max(...rows.map(({ part }) => part.length));
  for (const { part, version, state, note } of rows)
    console.log(`${part.padEnd(width)}  ${version.padEnd(8)}  ${state.padEnd(10)}  ${note}`);
  console.log('miss' in go ? `go: ${go.miss}` : `go ${go.version}  ${go.path}`);
  console.log(`runtime ${runtime.chosen}: ${runtime.why}`);
  return possible ? 0 : 1;
});
