/** Opens the way to the provider at the start: its connections, and the source that finds it behind them. */
import type { OidcConfig } from '../config/server-config.ts';
import { DISCOVERY_FIRST_ANSWER_MS } from '../constants.ts';
import { StartupError } from '../startup-error.ts';
import { describeProblem } from './discovery.ts';
import type { ProviderSource } from './provider.ts';
import { createProviderAgent } from './provider-agent.ts';
import { createProviderSource } from './provider-source.ts';

export interface OpenProviderEdges {
  /** Takes each sentence for the operator when it becomes true. */
  readonly onProblem: (sentence: string) => void;
  /** How long the first answer is waited for. Default: `DISCOVERY_FIRST_ANSWER_MS`. */
  readonly deadlineMs?: number;
}

/** Throws `StartupError` for what asking again cannot help. A provider that is merely away is looked for until it is there. */
export async function openProvider(config: OidcConfig, edges: OpenProviderEdges): Promise<ProviderSource> {
  const agent = createProviderAgent(config);
  // What ends the start is told once, as its reason.
  let tell = (sentence: string): void => void early.push(sentence);
  const early: string[] = [];
  const source = createProviderSource(config, { fetch: agent.fetch, onProblem: (sentence) => tell(sentence) });
  const close = async (): Promise<void> => {
    await source.close();
    await agent.close();
  };
  const found = await source.firstAnswer(edges.deadlineMs ?? DISCOVERY_FIRST_ANSWER_MS);
  if (found !== 'pending' && !found.ok && found.lasting) {
    await close();
    throw new StartupError('failed', `the ${describeProblem(config.issuer, found)}`);
  }
  tell = edges.onProblem;
  for (const sentence of early) tell(sentence);
  return {
    get initialised() {
      return source.initialised;
    },
    get: () => source.get(),
    close,
  };
}
