/** How the page keeps answers: in memory only, thrown away with the page that asked. */
import { QueryCache, QueryClient } from '@tanstack/react-query';
import { mayPass, Refused } from './refused.ts';

/** A store of answers. `onSignedOut` hears every 401, whichever question met it. */
export function createQueryClient(onSignedOut: (refusal: Refused) => void): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({
      onError: (error) => {
        if (error instanceof Refused && error.status === 401) onSignedOut(error);
      },
    }),
    defaultOptions: {
      // A refusal is an answer; only what may pass by itself is tried once more.
      queries: { retry: (failures, error) => failures < 1 && mayPass(error), retryDelay: 500 },
    },
  });
}
