/** Who somebody is: by the name their session carries, and by the name the cluster's rules would use. */
import type { MeResponse, SignInMethod } from '@lamplighter/server/wire';
import { at, list, text } from '../api/json.ts';

export interface Person {
  readonly name: string;
  /** Exactly what a role binding must name. */
  readonly username: string;
  /** Exactly what a role binding may name; without the group everyone is in. */
  readonly groups: readonly string[];
  /** Whether the provider left some out because there were too many. */
  readonly groupsIncomplete: boolean;
}

/** Everyone signed in is a member, so it tells nobody apart and must never be bound for one person's sake. */
const EVERYONE = 'system:authenticated';

/**
 * @param me - what the session says.
 * @param review - the cluster's SelfSubjectReview, or null when it could not be had: prefixes the cluster adds are then missing.
 */
export function readPerson(me: MeResponse, review: unknown): Person {
  const username = text(at(review, 'status', 'userInfo', 'username')) ?? me.username;
  const reviewed = at(review, 'status', 'userInfo', 'groups');
  const groups = reviewed === undefined ? me.groups : list(reviewed).flatMap((group) => text(group) ?? []);
  return {
    name: text(me.username) ?? text(me.email) ?? username,
    username,
    groups: groups.filter((group) => group !== EVERYONE),
    groupsIncomplete: me.groupsIncomplete === true,
  };
}

export const METHOD_SENTENCES: Readonly<Record<SignInMethod, string>> = {
  oidc: 'With your provider',
  token: 'With a token',
  proxy: 'By the proxy in front',
};

/** The groups an administrator may bind for this person's sake: those Kubernetes makes itself hold far too many others. */
export function bindableGroups(person: Person): readonly string[] {
  return person.groups.filter((group) => !group.startsWith('system:'));
}

/** A command an administrator can run to give rights in one namespace. Names come from a token, so they are quoted for the shell. */
export function bindCommand(person: Person, namespace: string): string {
  const account = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(person.username);
  const subject = account === null ? `--user=${person.username}` : `--serviceaccount=${account[1]}:${account[2]}`;
  const words = ['kubectl create rolebinding let-them-view', '--clusterrole=view', quote(subject)];
  return [...words, quote(`--namespace=${namespace}`)].join(' \\\n  ');
}

function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
