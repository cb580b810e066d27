/** How the page keeps answers: in memory only, thrown away with the page that asked. */
import { QueryCache, QueryClient } from '@tanstack/react-query';
import { endsSession, mayPass, type Refused } from './refused.ts';

/**
 * A store of answers. `onSignedOut` hears every 401 of our server's, whichever question met it. A cluster's own 401 ends nothing: an API
 * server that has yet to reach its issuer gives one too.
 */
export function createQueryClient(onSignedOut: (refusal: Refused) => void): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({
      onError: (error) => {
        if (endsSession(error)) onSignedOut(error);
      },
    }),
    defaultOptions: {
      // A refusal is an answer; only what may pass by itself is tried once more.
      queries: { retry: (failures, error) => failures < 1 && mayPass(error), retryDelay: 500 },
    },
  });
}
