/** Owns what the testbed asks of every identity provider, whatever it is. */
import type { Person } from '@lamplighter/fixtures';

/** The client the target signs people in with. */
export interface ProviderClient {
  readonly id: string;
  readonly secret: string;
}

export interface ProviderFacts {
  /** `dex`, `keycloak`, … : also the prefix of its people's names in the cluster. */
  readonly name: string;
  /** As the browser, the target and the API server write it. */
  readonly issuer: string;
  readonly client: ProviderClient;
  /** True when it is not the vendor's own software. */
  readonly emulated: boolean;
}

/** A provider that answers. */
export interface StartedProvider extends ProviderFacts {
  /** An ID token of a person without a browser: for readiness, never for a journey. */
  idTokenOf(person: Person): Promise<string>;
}
