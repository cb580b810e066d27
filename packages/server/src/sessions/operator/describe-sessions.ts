/** Words and tables for an operator. A store names nobody, so neither do these: they show times, and a handle that opens nothing. */
import type { EpochSeconds } from '@lamplighter/auth-core';
import type { ListedSession } from '../sessions.ts';

/** Enough to tell sessions apart by eye. */
const SHORT_HANDLE_CHARS = 12;

const HEAD = ['SESSION', 'CREATED', 'LAST USED', 'EXPIRES'] as const;

/** A line each, the newest first, under a head. */
export function sessionsTable(sessions: readonly ListedSession[]): string {
  if (sessions.length === 0) return 'No sessions.\n';
  const rows = sessions.map(({ handle, createdAt, usedAt, expiresAt }) => [
    handle.slice(0, SHORT_HANDLE_CHARS),
    ...[createdAt, usedAt, expiresAt].map(instant),
  ]);
  const widths = HEAD.map((title, at) => Math.max(title.length, ...rows.map((row) => row[at]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `${cells
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd()}\n`;
  return [HEAD, ...rows].map(line).join('');
}

/** One object, on one line. */
export function sessionsJson(sessions: readonly ListedSession[]): string {
  const shown = sessions.map(({ handle, createdAt, usedAt, expiresAt }) => ({
    handle,
    createdAt: instant(createdAt),
    usedAt: instant(usedAt),
    expiresAt: instant(expiresAt),
  }));
  return `${JSON.stringify({ sessions: shown })}\n`;
}

export function endedText(count: number): string {
  return `${count} session${count === 1 ? '' : 's'} ended.\n`;
}

export function endedJson(count: number): string {
  return `${JSON.stringify({ ended: count })}\n`;
}

/** RFC 3339, in UTC. */
function instant(seconds: EpochSeconds): string {
  return new Date(seconds * 1_000).toISOString().replace('.000Z', 'Z');
}

export const SESSIONS_HELP = `lamplighter-server sessions list [--json] [--user …]
lamplighter-server sessions end --user … | --all [--json]

Lists or ends the sessions in a server's store, while the server runs. What has ended is refused with the next request, and open
streams end within two seconds.

  --user SUBJECT [--issuer URL]   whoever signed in with a provider: the subject and issuer of their tokens, byte for byte.
                                  Without --issuer, the one the server's environment names.
  --user NAME --cluster CLUSTER   whoever signed in with a token: their name in that cluster.
  --all                           everybody.
  --json                          one JSON object instead of text.

Where the sessions are is read as the server reads it, from the flags or from LAMPLIGHTER_… and HEADLAMP_CONFIG_… variables:
  --session-store                 the path of a file, or a redis: or rediss: URL. Sessions in memory are out of reach.
  --session-key-file              the server's keys; needed for --user.

Ends with 0 when it was done, also when there was nothing to end, and with 1 when it could not be.
`;
