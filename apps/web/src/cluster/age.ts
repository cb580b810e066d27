/** How old something is, in the largest whole unit, as kubectl says it. */
const UNITS: readonly (readonly [string, number])[] = [
  ['y', 31_536_000],
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
];

/** @param created - RFC 3339. Returns an empty string when it is no time at all. */
export function ageInWords(created: string, nowMs: number): string {
  const seconds = Math.floor((nowMs - Date.parse(created)) / 1000);
  if (Number.isNaN(seconds)) return '';
  const unit = UNITS.find(([, length]) => seconds >= length);
  return unit === undefined ? `${Math.max(0, seconds)}s` : `${Math.floor(seconds / unit[1])}${unit[0]}`;
}
