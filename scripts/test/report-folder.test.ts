import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { journeysReport, prepareReportFolder, reportOption } from './report-folder.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'report-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it.each([
  [['--report', 'somewhere'], resolve('somewhere')],
  [[], journeysReport],
])('%j reports to %s', (args, expected) => {
  const command = new Command().addOption(reportOption()).parse(args, { from: 'user' });
  expect(command.opts()).toEqual({ report: expected });
});

it("takes an earlier report out of a person's folder and leaves everything else there", async () => {
  mkdirSync(join(folder, 'html'));
  for (const name of ['precious.txt', 'report.json', join('html', 'index.html')])
    writeFileSync(join(folder, name), name);
  await prepareReportFolder(folder);
  expect(readdirSync(folder)).toEqual(['precious.txt']);
});

it('makes a folder that only its owner can look into', async () => {
  const fresh = join(folder, 'deep', 'down');
  await prepareReportFolder(fresh);
  expect(existsSync(fresh) && statSync(fresh).mode & 0o777).toBe(0o700);
});
