/** Whether a tab goes to the provider without being asked, and the mark that keeps it from going round in circles. */
import type { ClusterSummary, SignInOptions } from '@lamplighter/server/wire';
import type { Edges } from '../edges.tsx';
import { NOT_SIGNED_IN } from '../session/endings.ts';

type TabMemory = Edges['tabMemory'];

const key = (cluster: string): string => `lamplighter.stay.${cluster}`;

/**
 * Only for whoever brings no session at all: after a sign-out, or a session that ended, they are told so and choose. And only once in a
 * tab until a session was seen: a sign-in that leaves none would begin the next one for ever.
 */
export function goesByItself(
  cluster: ClusterSummary,
  { autoLogin }: SignInOptions,
  why: string | null,
  tabMemory: TabMemory,
): boolean {
  return autoLogin && cluster.auth_type === 'oidc' && why === NOT_SIGNED_IN && !isMarked(tabMemory, cluster.name);
}

/**
 * Keeps this tab from going to the provider by itself until a session is seen. Set before it goes, and when somebody logs out.
 * @returns false where the browser keeps nothing: then it must not go, since nothing would stop it the next time.
 */
export function stayHere(tabMemory: TabMemory, cluster: string): boolean {
  try {
    tabMemory.setItem(key(cluster), 'stay');
    return true;
  } catch {
    return false;
  }
}

export function forgetStay(tabMemory: TabMemory, cluster: string): void {
  try {
    tabMemory.removeItem(key(cluster));
  } catch {
    return;
  }
}

function isMarked(tabMemory: TabMemory, cluster: string): boolean {
  try {
    return tabMemory.getItem(key(cluster)) !== null;
  } catch {
    return true;
  }
}
