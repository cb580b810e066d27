/** Owns who somebody is, as far as names go: rights are the cluster's to decide, and are asked there. */

/** Names to show. The person themself is (issuer, subject); a username may be reused by another. */
export interface Person {
  readonly username: string;
  /** Empty when nothing names one. */
  readonly email: string;
  readonly groups: readonly string[];
  /** The provider left groups out because there were too many for its token: `groups` is not the whole list. */
  readonly groupsIncomplete: boolean;
}
