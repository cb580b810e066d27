/** Takes the base path off a raw request target. Nothing is decoded: no encoding names the base path another way. */

/** Where probes look, which know no base path. */
const ALSO_AT_THE_ROOT: ReadonlySet<string> = new Set(['/healthz', '/livez', '/readyz']);

/**
 * @param target - as received.
 * @param basePath - empty, or `/lamp`.
 * @returns the target below the base path, beginning with a slash; null when it lies outside. What is no path at all stays as it is.
 */
export function belowBasePath(target: string, basePath: string): string | null {
  if (basePath === '' || !target.startsWith('/')) return target;
  const [path = ''] = target.split('?');
  if (ALSO_AT_THE_ROOT.has(path)) return target;
  // Without the slash it is the page all the same: people write it so.
  if (path === basePath) return `/${target.slice(basePath.length)}`;
  return path.startsWith(`${basePath}/`) ? target.slice(basePath.length) : null;
}
