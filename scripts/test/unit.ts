/** Owns where unit tests are, and where their reports lie. */
import { join } from 'node:path';

/** The workspaces with unit tests beside their code. */
export const UNIT_TESTED: readonly string[] = [
  'fixtures',
  'packages/auth-core',
  'packages/proxy',
  'packages/server',
  'packages/testbed',
  'apps/server',
  'apps/web',
  'scripts',
];

/** Where each workspace's `test` script leaves Vitest's report (turbo.json names it as an output). */
export const UNIT_REPORT: string = join('reports', 'unit.json');
