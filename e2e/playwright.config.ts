/** Owns how the journeys are run: one browser, no retries (a flaky test is a bug to find), reports for people and programs. */
import { join } from 'node:path';
import { defineConfig } from '@playwright/test';

// Reports hold pictures of a signed-in page; whatever folder they are written to, only their owner reads them.
process.umask(0o077);

const report = process.env['LAMPLIGHTER_REPORT'] ?? 'reports';

export default defineConfig({
  testDir: '.',
  testMatch: 'journeys/**/*.spec.ts',
  // A journey takes 10 s or less; one that takes three times that is stuck.
  timeout: 30_000,
  expect: { timeout: 10_000 },
  retries: 0,
  workers: 2,
  fullyParallel: true,
  forbidOnly: true,
  outputDir: join(report, 'artifacts'),
  reporter: [
    ['list'],
    ['json', { outputFile: join(report, 'report.json') }],
    ['junit', { outputFile: join(report, 'junit.xml') }],
    ['html', { outputFolder: join(report, 'html'), open: 'never' }],
  ],
  use: { screenshot: 'only-on-failure', trace: 'off' },
});
