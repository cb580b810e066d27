/** Names a person by what their provider, or their token's issuer, says. */
import { nonEmptyText, textList, valueAt } from '../encoding/json.ts';
import type { Person } from './person.ts';

/** Headlamp's order, then two that are better than no name at all. */
const USERNAME_CLAIMS = ['preferred_username', 'upn', 'username', 'name', 'email', 'sub'] as const;

/** The first place that holds any group wins; Keycloak keeps realm roles in the second. */
const GROUP_CLAIMS = [['groups'], ['realm_access', 'roles']] as const;

/** @param claims - of any shape; missing names become empty strings. */
export function personFromClaims(claims: unknown): Person {
  const first = USERNAME_CLAIMS.map((claim) => nonEmptyText(valueAt(claims, claim))).find((name) => name !== undefined);
  const groups = GROUP_CLAIMS.map((path) => textList(valueAt(claims, ...path))).find((list) => list.length > 0);
  return { username: first ?? '', email: nonEmptyText(valueAt(claims, 'email')) ?? '', groups: groups ?? [] };
}
