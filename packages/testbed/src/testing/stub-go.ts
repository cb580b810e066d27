/** Owns a stand-in for the Go toolchain: a real program that answers as `go` does, for tests of what is done with its answers. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface StubGo {
  /** What `go env GOVERSION GOTOOLCHAIN` prints. */
  readonly version?: string;
  readonly toolchain?: string;
  /** Packages named on standard error, a line each. */
  readonly packages?: readonly string[];
  /** Printed on standard error before a failure. */
  readonly fails?: string;
  /** A file that must exist before the build ends. */
  readonly until?: string;
}

/** Writes `go` into `folder` and resolves to a PATH on which it is the only one. Each build appends a line to `<folder>/builds`. */
export function stubGo(folder: string, stub: StubGo = {}): string {
  const { version = 'go1.26.8', toolchain = 'local', packages = ['example/one', 'example/two'], fails, until } = stub;
  mkdirSync(folder, { recursive: true });
  const script = `#!${process.execPath}
const fs = require('node:fs');
const [verb, ...rest] = process.argv.slice(2);
if (verb === 'env') {
  console.log(${JSON.stringify(version)} + '\\n' + ${JSON.stringify(toolchain)});
  process.exit(0);
}
fs.appendFileSync(${JSON.stringify(join(folder, 'builds'))}, rest.join(' ') + '\\n');
for (const name of ${JSON.stringify(packages)}) console.error(name);
if (${JSON.stringify(fails ?? '')} !== '') {
  console.error(${JSON.stringify(fails ?? '')});
  process.exit(1);
}
const finish = () => fs.writeFileSync(rest[rest.indexOf('-o') + 1], '#!/bin/sh\\necho built');
const until = ${JSON.stringify(until ?? '')};
if (until === '') finish();
else {
  const timer = setInterval(() => { if (fs.existsSync(until)) { clearInterval(timer); finish(); } }, 5);
}
`;
  const file = join(folder, 'go');
  writeFileSync(file, script);
  chmodSync(file, 0o755);
  return folder;
}
