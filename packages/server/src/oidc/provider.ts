/** The port to one OpenID Provider. Everything that comes out of it was verified; nothing in it knows a browser. */
import type {
  EpochSeconds,
  Issuer,
  LoginTransaction,
  ProviderGrant,
  Refusal,
  Result,
  SessionRecord,
  ValidatedCallback,
  VerifiedClaims,
} from '@lamplighter/auth-core';

/** A token the cluster accepts, and what the provider gave beside it. */
export interface ProviderTokens {
  /** What the API server is sent: the ID token, or the access token where the configuration says so. */
  readonly bearer: string;
  /** Null when nobody says when it ends. */
  readonly bearerExpiresAt: EpochSeconds | null;
  readonly grant: ProviderGrant;
  /** The ID token's claims, and userinfo's where it was asked; only for naming people. Its `sub` is the verified one. */
  readonly profile: object;
}

export interface SignedInAtProvider extends ProviderTokens {
  readonly claims: VerifiedClaims;
}

export type RefreshOutcome =
  | { readonly kind: 'renewed'; readonly tokens: ProviderTokens }
  /** There will be no new token: the session ends. */
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** No answer, or one that says nothing about this session: the bearer is good as long as it lasts. */
  | { readonly kind: 'unavailable'; readonly refusal: Refusal };

/** What a provider's own logout is about (OpenID Connect Back-Channel Logout 1.0, section 2.4): at least one is not null. */
export interface LogoutNotice {
  readonly issuer: Issuer;
  readonly subject: string | null;
  readonly providerSession: string | null;
}

export interface OidcProvider {
  /** As the discovery document names it; what RFC 9207's `iss` is compared with. */
  readonly issuer: Issuer;
  /** RFC 9207, section 3. */
  readonly issPromised: boolean;
  /** Whether a session was begun with this provider. The tokens of any other are none of its business: the configuration may have changed. */
  began(record: SessionRecord): boolean;
  authorizationUrl(login: LoginTransaction): string;
  /** One token request, and one to userinfo where that is needed. After a refused answer nothing more is asked of the provider. */
  exchange(callback: ValidatedCallback, now: EpochSeconds): Promise<Result<SignedInAtProvider>>;
  /** One token request for a session whose grant has a refresh token. */
  refresh(record: SessionRecord, now: EpochSeconds): Promise<RefreshOutcome>;
  /**
   * Where a browser ends its session with the provider too; null when the provider has no such place.
   * `idToken`: null leaves the provider to ask whom it is about.
   */
  endSessionUrl(facts: {
    readonly idToken: string | null;
    readonly returnTo: string;
    readonly state: string;
  }): string | null;
  /** RFC 7009, as well as it goes: true when the provider said it is done; false also when it offers no revocation. */
  revoke(refreshToken: string): Promise<boolean>;
  judgeLogoutToken(text: string, now: EpochSeconds): Promise<Result<LogoutNotice>>;
  /** Whether the provider answers just now; one short request. */
  answers(): Promise<boolean>;
}

/** The provider, as soon as its discovery document was had. */
export interface ProviderSource {
  /** Whether it was ever had: a provider that goes away later is still configured. */
  readonly initialised: boolean;
  /** Asks again when it was not had yet; refuses with `provider_unreachable`. */
  get(): Promise<Result<OidcProvider>>;
  close(): Promise<void>;
}
