/**
 * The part of a kubeconfig this server reads: where clusters are and how they prove themselves. Users and their credentials are not
 * even parsed: people's requests carry people's own. (The official client library parses all of it and takes half a second to import.)
 */
import { z } from 'zod';

const CLUSTER = z.object({
  server: z.string().min(1),
  'certificate-authority': z.string().optional(),
  'certificate-authority-data': z.string().optional(),
  'insecure-skip-tls-verify': z.boolean().optional(),
  'tls-server-name': z.string().optional(),
  'proxy-url': z.string().optional(),
});

const CONTEXT = z.object({ cluster: z.string(), namespace: z.string().nullish() });

export const KUBECONFIG = z.object({
  clusters: z.array(z.object({ name: z.string(), cluster: CLUSTER })).nullish(),
  contexts: z.array(z.object({ name: z.string(), context: CONTEXT })).nullish(),
});

export type KubeconfigCluster = z.output<typeof CLUSTER>;
export type Kubeconfig = z.output<typeof KUBECONFIG>;
