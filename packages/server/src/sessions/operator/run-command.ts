/** Owns `lamplighter-server sessions …`: an operator lists or ends sessions in the store of a server that runs. */
import { randomBytes } from 'node:crypto';
import type { EpochSeconds } from '@lamplighter/auth-core';
import type { Environment } from '../../config/environment.ts';
import { SEALING_KEY_BYTES } from '../../constants.ts';
import { StartupError } from '../../startup-error.ts';
import { openStore } from '../open-store.ts';
import { createSessions, type Sessions } from '../sessions.ts';
import { StoreUnavailable } from '../store.ts';
import { endedJson, endedText, SESSIONS_HELP, sessionsJson, sessionsTable } from './describe-sessions.ts';
import { readSessionsCommand, type SessionsCommand } from './read-command.ts';

export type SessionsOutcome =
  /** For stdout. */
  | { readonly kind: 'done'; readonly text: string }
  /** Sentences for stderr. */
  | { readonly kind: 'failed'; readonly problems: readonly string[] };

/**
 * @param argv - what stands behind `sessions`.
 * @param now - default: the machine's clock.
 */
export async function runSessionsCommand(
  argv: readonly string[],
  environment: Environment,
  now: () => EpochSeconds = () => Math.floor(Date.now() / 1_000),
): Promise<SessionsOutcome> {
  const command = readSessionsCommand(argv, environment);
  if (command.kind === 'help') return { kind: 'done', text: SESSIONS_HELP };
  if (command.kind === 'problems') return { kind: 'failed', problems: command.problems };
  try {
    return { kind: 'done', text: await carryOut(command, now) };
  } catch (error) {
    if (!(error instanceof StartupError || error instanceof StoreUnavailable)) throw error;
    return { kind: 'failed', problems: [error.message] };
  }
}

type Task = Extract<SessionsCommand, { readonly kind: 'list' | 'end' }>;

async function carryOut(task: Task, now: () => EpochSeconds): Promise<string> {
  // Whatever is wrong with the store shows in the answer that does not come.
  const store = await openStore(task.sessions.store, { now, onTrouble: () => undefined });
  try {
    // Without keys nobody is looked for; these then hash nothing.
    const [first = randomBytes(SEALING_KEY_BYTES), ...older] = task.sessions.keys;
    // Nothing is begun here, so no limit is set.
    const limits = { ttlSeconds: 0, idleTtlSeconds: null };
    return await describe(task, createSessions({ store, limits, keys: [first, ...older], now }));
  } finally {
    await store.close();
  }
}

async function describe({ kind, who, json }: Task, sessions: Sessions): Promise<string> {
  if (kind === 'list') {
    const listed = await (who === null ? sessions.listAll() : sessions.listPerson(who));
    return json ? sessionsJson(listed) : sessionsTable(listed);
  }
  const ended = await (who === null ? sessions.endAll() : sessions.endPerson(who));
  return json ? endedJson(ended) : endedText(ended);
}
