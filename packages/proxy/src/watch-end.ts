/** Knows how the API server's JSON watches are written: one event a line, and how one ends whose session is over. */

/** In JSON only the end of an event is a newline: inside strings it is written `\n`, and streamed events are never indented. */
const NEWLINE = 0x0a;

/**
 * What kubectl, client-go and Headlamp read as the server's own word (a `metav1.Status` in an ERROR event, apimachinery's watch
 * package): the watch is over, and signing in again is what helps.
 */
export const UNAUTHORIZED_EVENT: string = `${JSON.stringify({
  type: 'ERROR',
  object: {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: 'the session is over: sign in again',
    reason: 'Unauthorized',
    code: 401,
  },
})}\n`;

export function endsAnEvent(chunk: Buffer): boolean {
  return chunk[chunk.length - 1] === NEWLINE;
}

/** What of it belongs to the event under way; undefined while that goes on. */
export function restOfEvent(chunk: Buffer): Buffer | undefined {
  const end = chunk.indexOf(NEWLINE);
  return end < 0 ? undefined : chunk.subarray(0, end + 1);
}

/**
 * Whether a line of JSON can be written after what came: nothing else is lines, and no length was promised.
 * @param headers - `[name, value, …]`, as they go to the client.
 */
export function isLinesOfJson(status: number, headers: readonly string[]): boolean {
  if (status !== 200) return false;
  let json = false;
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const name = headers[at]?.toLowerCase();
    if (name === 'content-encoding' || name === 'content-length') return false;
    if (name === 'content-type') json = /^application\/json\s*(?:;|$)/i.test(headers[at + 1] ?? '');
  }
  return json;
}
