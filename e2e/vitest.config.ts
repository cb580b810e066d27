/** Owns how the integration tests are run: with real parts, one file after the other, because each file has worlds of its own. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { include: ['integration/**/*.test.ts'], fileParallelism: false, testTimeout: 90_000, hookTimeout: 90_000 },
});
