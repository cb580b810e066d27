/** Names a person by what the cluster itself says of a bearer it accepted. */
import { nonEmptyText, textList, valueAt } from '../encoding/json.ts';
import { accept, type Result, refuse } from '../result.ts';
import type { Person } from './person.ts';

/** Who an API server says is asking when no credential convinced it. */
const ANONYMOUS = 'system:anonymous';

/**
 * @param review - the body of a SelfSubjectReview (authentication.k8s.io/v1). An answer without a name, or with the anonymous one, is
 * never an identity: a session made of it would show an empty cluster to somebody who believes to be signed in.
 */
export function personFromReview(review: unknown): Result<Person> {
  const username = nonEmptyText(valueAt(review, 'status', 'userInfo', 'username'));
  if (username === undefined || username === ANONYMOUS) return refuse({ reason: 'token_anonymous' });
  const groups = textList(valueAt(review, 'status', 'userInfo', 'groups'));
  return accept({ username, email: '', groups, groupsIncomplete: false });
}
