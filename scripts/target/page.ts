/** Owns building the page, which turbo skips when nothing it is made of has changed. */
import { TestbedError } from '@lamplighter/testbed';
import { $ } from 'zx';
import { repositoryRoot } from '../repository.ts';

/**
 * Builds apps/web into its dist folder.
 *
 * @throws TestbedError `build-failed` with what the build said.
 */
export async function buildPage(signal: AbortSignal): Promise<void> {
  const built = await $({
    cwd: repositoryRoot,
    quiet: true,
    nothrow: true,
    signal,
  })`turbo run build --filter=@lamplighter/web --output-logs=errors-only`;
  signal.throwIfAborted();
  if (built.exitCode === 0) return;
  const details = `${built.stdout}${built.stderr}`.trim();
  throw new TestbedError('build-failed', 'The page (apps/web) does not build; what the build said:', { details });
}
