/** Owns what a target is given and must give back; how it is started is the caller's, so that the testbed never imports the product. */
import type { PartContext } from '../process/context.ts';
import type { ProviderFacts } from '../providers/provider.ts';

export interface TargetInputs {
  readonly context: PartContext;
  /** Where people will reach it. */
  readonly url: string;
  readonly port: number;
  /** Names the cluster and holds no credential. */
  readonly kubeconfig: string;
  readonly provider: ProviderFacts;
  /** PEM file of the authority that signed the provider's certificate. */
  readonly caFile: string;
}

/** Resolves when the target answers at its URL. */
export type StartTarget = (inputs: TargetInputs) => Promise<void>;
