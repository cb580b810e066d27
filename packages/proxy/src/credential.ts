/** Owns the bearer on its way to the cluster: it can be carried anywhere and read in one place. */

/** What every way of printing a credential shows. Node's `inspect` shows no private field at all. */
const PRESENCE = '[credential]';

/** Prevents accidental disclosure in logs, errors and JSON; it is no defence against code that means harm. */
export class Credential {
  readonly #bearer: string;

  constructor(bearer: string) {
    this.#bearer = bearer;
  }

  toString(): string {
    return PRESENCE;
  }

  toJSON(): string {
    return PRESENCE;
  }

  /** Called where the upstream request is written, and nowhere else. */
  static authorizationHeader(credential: Credential): string {
    return `Bearer ${credential.#bearer}`;
  }
}
