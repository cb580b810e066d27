/** Owns under which hash a person's sessions, and those of one session at a provider, are found in a store that must name nobody. */
import { createHmac, hkdfSync } from 'node:crypto';
import type { SessionRecord } from '@lamplighter/auth-core';

/** Whom a session belongs to: a provider's (issuer, subject), or whom one cluster takes a pasted token for. */
export type PersonKey =
  | { readonly kind: 'oidc'; readonly issuer: string; readonly subject: string }
  | { readonly kind: 'token'; readonly cluster: string; readonly username: string };

export type HashKeys = readonly [Uint8Array, ...Uint8Array[]];

/** Each list begins with the hash new rows are written under, and has one more for each older key. */
export interface PersonHashes {
  person(who: PersonKey): readonly [Uint8Array, ...Uint8Array[]];
  providerSession(issuer: string, providerSession: string): readonly [Uint8Array, ...Uint8Array[]];
}

/** Separates this use of the key file from the sealing of logins: neither key can be had from the other. */
const DERIVED_FOR = 'lamplighter session index 1';
const DERIVED_BYTES = 32;

/** @param keys - of the key file: the first makes new hashes, sessions begun under the others are still found. */
export function createPersonHashes(keys: HashKeys): PersonHashes {
  const derive = (key: Uint8Array): Uint8Array =>
    new Uint8Array(hkdfSync('sha256', key, new Uint8Array(0), DERIVED_FOR, DERIVED_BYTES));
  const [first, ...older] = keys;
  const [firstDerived, olderDerived] = [derive(first), older.map(derive)];
  const hash = (parts: readonly string[]): readonly [Uint8Array, ...Uint8Array[]] => {
    // JSON keeps the parts apart: no issuer and subject together read as another pair.
    const text = JSON.stringify(parts);
    const make = (key: Uint8Array): Uint8Array => new Uint8Array(createHmac('sha256', key).update(text).digest());
    return [make(firstDerived), ...olderDerived.map(make)];
  };
  return {
    person: (who) =>
      hash(who.kind === 'oidc' ? ['person', who.issuer, who.subject] : ['token', who.cluster, who.username]),
    providerSession: (issuer, providerSession) => hash(['provider session', issuer, providerSession]),
  };
}

export function personOf({
  identity,
  cluster,
  person,
}: Pick<SessionRecord, 'identity' | 'cluster' | 'person'>): PersonKey {
  if (identity !== null) return { kind: 'oidc', issuer: identity.issuer, subject: identity.subject };
  return { kind: 'token', cluster, username: person.username };
}
