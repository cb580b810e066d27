/** What tests of renewals share: a provider that answers as it is told, replicas over one store, and an audit trail that is kept. */
import { accept, type ProviderGrant, type Refusal, refuse, toIssuer } from '@lamplighter/auth-core';
import type { EndedFacts } from '../audit.ts';
import type { OidcProvider, ProviderSource, RefreshOutcome } from '../oidc/provider.ts';
import { createRefresher, type Refresher, type RefresherDeps } from './refresher.ts';
import { ada, main, NOW, openWorld, type SessionsWorld } from './sessions.fixture.ts';
import type { FoundSession } from './sessions.ts';

export interface RenewingProvider extends ProviderSource {
  /** The refresh token of each request, in order. */
  readonly asked: readonly string[];
  readonly revoked: readonly string[];
  /** Whether its discovery document can be had. */
  reachable: boolean;
  /** How it answers the next requests. */
  respond: (grant: ProviderGrant) => Promise<RefreshOutcome> | RefreshOutcome;
}

/** Answers with `bearer-2`, `bearer-3`, … and a rotated refresh token, each good for ten minutes from the world's clock. */
function startRenewingProvider({ clock }: SessionsWorld): RenewingProvider {
  const asked: string[] = [];
  const revoked: string[] = [];
  const source: RenewingProvider = {
    asked,
    revoked,
    reachable: true,
    initialised: true,
    respond: (grant) => renewed(asked.length + 1, clock.now(), grant),
    get: async () => (source.reachable ? accept(provider) : refuse(UNREACHABLE)),
    close: async () => undefined,
  };
  const notAsked = (): never => {
    throw new Error('a renewal asks for nothing else');
  };
  const provider: OidcProvider = {
    issuer: toIssuer('https://idp.example'),
    issPromised: false,
    began: () => true,
    authorizationUrl: notAsked,
    exchange: notAsked,
    refresh: async ({ grant }) => {
      if (grant === null) throw new Error('only a session with a grant is renewed');
      asked.push(grant.refreshToken ?? '');
      return source.respond(grant);
    },
    endSessionUrl: notAsked,
    revoke: async (refreshToken) => {
      revoked.push(refreshToken);
      return true;
    },
    judgeLogoutToken: notAsked,
    answers: notAsked,
  };
  return source;
}

export const UNREACHABLE: Refusal = { reason: 'provider_unreachable', error: 'ECONNREFUSED' };

export function renewed(number: number, now: number, grant: ProviderGrant): RefreshOutcome {
  const bearer = `bearer-${number}`;
  const next = { ...grant, refreshToken: `refresh-${number}`, idToken: bearer };
  return { kind: 'renewed', tokens: { bearer, bearerExpiresAt: now + 600, grant: next, profile: {} } };
}

export interface RenewalWorld extends AsyncDisposable {
  readonly world: SessionsWorld;
  readonly provider: RenewingProvider;
  readonly refresher: Refresher;
  /** The outcome of each renewal, in order: null is a new bearer. */
  readonly refreshes: readonly (string | null)[];
  readonly ended: readonly EndedFacts[];
  /** Another server over the same store. */
  replica(changes?: Partial<RefresherDeps>): Refresher;
  /** Signs Ada in and moves the clock to so many seconds before her bearer ends. */
  signInBefore(seconds: number): Promise<FoundSession>;
  find(found: FoundSession): Promise<string>;
}

export async function openRenewalWorld(): Promise<RenewalWorld> {
  const world = await openWorld();
  const provider = startRenewingProvider(world);
  const refreshes: (string | null)[] = [];
  const ended: EndedFacts[] = [];
  const { store, sessions, clock } = world;
  const audit = {
    refresh: (_: unknown, reason: string | null) => void refreshes.push(reason),
    sessionsEnded: (_: unknown, facts: EndedFacts) => void ended.push(facts),
  };
  const errands = { run: (errand: () => Promise<unknown>) => void errand() };
  const replica = (changes: Partial<RefresherDeps> = {}): Refresher =>
    createRefresher({ store, sessions, provider, audit, errands, now: clock.now, ...changes });
  return {
    world,
    provider,
    refreshes,
    ended,
    refresher: replica(),
    replica,
    signInBefore: async (seconds) => {
      const { found } = await world.begin({ ...ada, cluster: main });
      clock.forward(NOW + 600 - seconds - clock.now());
      return found;
    },
    find: async (found) => {
      const again = await sessions.findAgain(found);
      return again.ok ? again.value.live.record.bearer : again.refusal.reason;
    },
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  };
}

/** What whoever asked is given: a bearer, or the reason for none. */
export async function outcome(freshening: ReturnType<Refresher['freshen']>): Promise<string> {
  const fresh = await freshening;
  return fresh.ok ? fresh.value.live.record.bearer : fresh.refusal.reason;
}
