/** Judges what a browser brings back from the provider. It never talks to the provider. */
import type { Brand, EpochSeconds, Issuer, LoginState } from '../brands.ts';
import { PROVIDER_TEXT_MAX_CHARS } from '../constants.ts';
import { accept, type Result, refuse } from '../result.ts';
import { isLoginExpired, type LoginTransaction } from './transaction.ts';

/** A query as decoded pairs, in order, repeats included. */
export type QueryPairs = readonly (readonly [name: string, value: string])[];

/** Proof that an answer belongs to a login of this browser, came in time and from the right provider, and carries a code. */
export type ValidatedCallback = Brand<
  { readonly login: LoginTransaction; readonly code: string; readonly iss: string | null },
  'ValidatedCallback'
>;

export interface CallbackFacts {
  readonly query: QueryPairs;
  readonly login: LoginTransaction;
  /** The provider that would be asked what the code is worth. */
  readonly issuer: Issuer;
  /** Whether the provider's metadata promise `iss` in every answer (RFC 9207, section 3). */
  readonly issPromised: boolean;
  readonly now: EpochSeconds;
}

/** Parameters that decide something; a repeat of any of them makes the answer ambiguous. */
const LONE_PARAMETERS = ['state', 'code', 'iss', 'error', 'error_description'] as const;

/** The `state` of an answer, before anything is known about it: it only finds the login. */
export function readCallbackState(query: QueryPairs): Result<LoginState> {
  const states = valuesOf(query, 'state');
  const [state] = states;
  if (state === undefined || state === '') return refuse({ reason: 'state_missing' });
  if (states.length > 1) return refuse({ reason: 'parameter_repeated', parameter: 'state' });
  // A claim, not yet a proof: a login is only found under it when this browser holds one.
  return accept(state as LoginState);
}

/** RFC 6749, section 4.1.2; RFC 9207, section 2.4. The order matters: who answers is known before what is answered. */
export function judgeCallback({ query, login, issuer, issPromised, now }: CallbackFacts): Result<ValidatedCallback> {
  const state = readCallbackState(query);
  if (!state.ok) return state;
  // The login was found by this state, so this only fails when a caller mixes logins up.
  if (state.value !== login.state) return refuse({ reason: 'state_unknown' });
  for (const parameter of LONE_PARAMETERS) {
    if (valuesOf(query, parameter).length > 1) return refuse({ reason: 'parameter_repeated', parameter });
  }
  if (isLoginExpired(login, now)) return refuse({ reason: 'login_expired', startedAt: login.startedAt });
  const iss = valuesOf(query, 'iss')[0] ?? null;
  if (login.issuer !== issuer || (iss === null ? issPromised : iss !== issuer)) {
    return refuse({ reason: 'issuer_mixed_up', expected: login.issuer, given: iss && shorten(iss) });
  }
  const error = valuesOf(query, 'error')[0];
  if (error !== undefined) {
    const description = valuesOf(query, 'error_description')[0] ?? null;
    return refuse({
      reason: 'provider_error',
      error: shorten(error),
      description: description && shorten(description),
    });
  }
  const code = valuesOf(query, 'code')[0];
  if (code === undefined || code === '') return refuse({ reason: 'code_missing' });
  // Every condition this type promises was checked above.
  return accept({ login, code, iss } as ValidatedCallback);
}

function valuesOf(query: QueryPairs, wanted: string): readonly string[] {
  return query.filter(([name]) => name === wanted).map(([, value]) => value);
}

// Shown to people and written to logs: printable, and no longer than a sentence.
function shorten(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, ' ').slice(0, PROVIDER_TEXT_MAX_CHARS);
}
