/** Owns the reading of part logs: only ever their end, whatever their size. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { LOG_TAIL_BYTES, LOG_TAIL_LINES } from '../constants.ts';

/**
 * The last lines of a log file, or an empty string when there is none.
 *
 * @param from Where to begin at the earliest, in bytes: what an earlier process wrote is not this one's last words.
 */
export function logTail(file: string, from: number, lines: number = LOG_TAIL_LINES): string {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch {
    return '';
  }
  try {
    const { size } = fstatSync(descriptor);
    const length = Math.max(0, Math.min(size - from, LOG_TAIL_BYTES));
    const buffer = Buffer.alloc(length);
    readSync(descriptor, buffer, 0, length, size - length);
    return buffer.toString('utf8').trimEnd().split('\n').slice(-lines).join('\n');
  } finally {
    closeSync(descriptor);
  }
}
