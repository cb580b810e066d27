/** Names a person by what their provider, or their token's issuer, says. */
import type { JSONValue } from '@jmespath-community/jmespath';
import { nonEmptyText, textList, valueAt } from '../encoding/json.ts';
import { evaluate } from './expressions.ts';
import type { Person } from './person.ts';

/** JMESPath expressions, tried in order; the first that yields something wins. */
export interface IdentityPaths {
  readonly usernamePaths: readonly string[];
  readonly emailPaths: readonly string[];
  readonly groupsPaths: readonly string[];
}

/** Headlamp's own: Keycloak keeps realm roles in the last one. */
export const DEFAULT_IDENTITY_PATHS: IdentityPaths = {
  usernamePaths: ['preferred_username', 'upn', 'username', 'name'],
  emailPaths: ['email'],
  groupsPaths: ['groups', 'realm_access.roles'],
};

/** Better than no name at all. */
const LAST_USERNAMES = ['email', 'sub'] as const;

/**
 * @param claims - of any shape; missing names become empty strings.
 * @param paths - default: `DEFAULT_IDENTITY_PATHS`.
 */
export function personFromClaims(claims: unknown, paths: IdentityPaths = DEFAULT_IDENTITY_PATHS): Person {
  const plain = toPlainJson(claims);
  const textOf = (expressions: readonly string[]): string | undefined => firstOf(expressions, plain, nonEmptyText);
  const lastNames = LAST_USERNAMES.map((claim) => nonEmptyText(valueAt(plain, claim)));
  const groups = firstOf(paths.groupsPaths, plain, (value) => {
    const list = textList(value);
    return list.length === 0 ? undefined : list;
  });
  return {
    username: textOf(paths.usernamePaths) ?? lastNames.find((name) => name !== undefined) ?? '',
    email: textOf(paths.emailPaths) ?? '',
    groups: groups ?? [],
    groupsIncomplete: hasGroupsElsewhere(plain),
  };
}

function firstOf<Value>(
  expressions: readonly string[],
  claims: JSONValue,
  read: (value: unknown) => Value | undefined,
): Value | undefined {
  for (const expression of expressions) {
    const value = read(evaluate(expression, claims));
    if (value !== undefined) return value;
  }
  return undefined;
}

/**
 * Entra ID lists at most 200 groups in a token; past that it says only where they could be asked for: `_claim_names` in tokens of the
 * code flow, `hasgroups` in others (learn.microsoft.com, "Configure group claims", group overage).
 */
function hasGroupsElsewhere(claims: unknown): boolean {
  if (Array.isArray(valueAt(claims, 'groups'))) return false;
  return valueAt(claims, '_claim_names', 'groups') !== undefined || valueAt(claims, 'hasgroups') === true;
}

// An expression could reach what an object inherits; of a copy there is nothing but what the claims hold themselves.
function toPlainJson(claims: unknown): JSONValue {
  try {
    const text: string | undefined = JSON.stringify(claims);
    // What JSON.parse yields is JSON by its nature.
    return text === undefined ? null : (JSON.parse(text) as JSONValue);
  } catch {
    // Nested deeper than anybody reads; such claims name nobody.
    return null;
  }
}
