/** Owns many requests to one server at a time, as people's browsers send them. */
import { type Dispatcher, Pool } from 'undici';

const AT_ONCE = 32;

export interface Visits extends AsyncDisposable {
  /** One request; the answer's body is read to its end. Throws when the status is another one. */
  visit(options: Omit<Dispatcher.RequestOptions, 'origin'>, status: number): Promise<Dispatcher.ResponseData>;
  /** The same thing many times, `AT_ONCE` at a time. */
  many(count: number, one: (at: number) => Promise<unknown>): Promise<void>;
}

export function visitsTo(url: string): Visits {
  const pool = new Pool(url, { connections: AT_ONCE });
  return {
    visit: async (options, status) => {
      const answer = await pool.request(options);
      await answer.body.dump();
      if (answer.statusCode !== status)
        throw new Error(`${options.path} answered ${answer.statusCode}, not ${status}.`);
      return answer;
    },
    many: async (count, one) => {
      let next = 0;
      const lane = async (): Promise<void> => {
        for (let at = next++; at < count; at = next++) await one(at);
      };
      await Promise.all(Array.from({ length: AT_ONCE }, lane));
    },
    [Symbol.asyncDispose]: () => pool.close(),
  };
}

/** The cookies an answer sets, as a browser sends them back. */
export function cookiesOf({ headers }: Pick<Dispatcher.ResponseData, 'headers'>): string {
  const set = headers['set-cookie'] ?? [];
  return (Array.isArray(set) ? set : [set]).map((line) => line.split(';')[0] ?? '').join('; ');
}
