/** Gathers problems and warnings while a configuration is put together, so that one start reports all of them. */
import type { GivenValue } from './arguments.ts';
import { readTextFile } from './files.ts';
import { FLAG_BY_NAME } from './flags.ts';
import type { ConfigProblem } from './problems.ts';
import type { ReadSettings } from './read-settings.ts';

export class Findings {
  readonly problems: ConfigProblem[] = [];
  readonly warnings: string[] = [];
  readonly #given: ReadonlyMap<string, GivenValue>;
  readonly #rejected: ReadonlySet<string>;

  constructor(given: ReadonlyMap<string, GivenValue>, { rejected }: Pick<ReadSettings, 'rejected'>) {
    this.#given = given;
    this.#rejected = rejected;
  }

  /** Whether somebody asked for it: a text with something in it, or a yes. A refused value counts: it was meant. */
  isAskedFor(flag: string): boolean {
    const value = this.#given.get(flag)?.value ?? '';
    return value !== '' && !(FLAG_BY_NAME.get(flag)?.kind === 'boolean' && /^(?:false|f|0)$/i.test(value));
  }

  /** Whether its value was refused already; what follows from its default is then no news. */
  isRejected(flag: string): boolean {
    return this.#rejected.has(flag);
  }

  /** @param problem - the end of a sentence that begins with the flag, or the variable it came from. */
  report(flag: string, problem: string): void {
    if (this.isRejected(flag)) return;
    this.problems.push({ key: this.#given.get(flag)?.key ?? `--${flag}`, problem });
  }

  warn(sentence: string): void {
    this.warnings.push(sentence);
  }

  /** Null when it cannot be read, which is then reported already. */
  readText(flag: string, path: string): string | null {
    const text = readTextFile(path);
    if (text.ok) return text.value;
    this.report(flag, `names ${path}, which ${text.problem}.`);
    return null;
  }
}
