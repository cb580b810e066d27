/**
 * The part of a kubeconfig this server reads: where clusters are and how they prove themselves. Users and their credentials are not
 * even parsed: people's requests carry people's own. (The official client library parses all of it and takes half a second to import.)
 */
import { z } from 'zod';

export interface KubeconfigCluster {
  readonly server: string;
  /** A file, relative to the kubeconfig's folder. */
  readonly 'certificate-authority'?: string | undefined;
  /** Base64 of PEM. */
  readonly 'certificate-authority-data'?: string | undefined;
  readonly 'insecure-skip-tls-verify'?: boolean | undefined;
  readonly 'tls-server-name'?: string | undefined;
  readonly 'proxy-url'?: string | undefined;
}

export interface Kubeconfig {
  readonly clusters?: readonly { readonly name: string; readonly cluster: KubeconfigCluster }[] | null | undefined;
  readonly contexts?:
    | readonly {
        readonly name: string;
        readonly context: { readonly cluster: string; readonly namespace?: string | null | undefined };
      }[]
    | null
    | undefined;
}

const CLUSTER: z.ZodType<KubeconfigCluster> = z.object({
  // Without one, only the contexts that name this cluster are of no use.
  server: z.string().default(''),
  'certificate-authority': z.string().optional(),
  'certificate-authority-data': z.string().optional(),
  'insecure-skip-tls-verify': z.boolean().optional(),
  'tls-server-name': z.string().optional(),
  'proxy-url': z.string().optional(),
});

export const KUBECONFIG: z.ZodType<Kubeconfig> = z.object({
  clusters: z.array(z.object({ name: z.string(), cluster: CLUSTER })).nullish(),
  contexts: z
    .array(z.object({ name: z.string(), context: z.object({ cluster: z.string(), namespace: z.string().nullish() }) }))
    .nullish(),
});
