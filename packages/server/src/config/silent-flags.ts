/** Headlamp's flags this server knows and does not act on, with what holds instead where somebody may rely on one. */
import type { Flag, FlagKind } from './flags.ts';

const NEVER_THE_POD = 'nobody acts with this server’s own credential; people sign in with theirs';

/** The flags somebody relies on, each with what holds instead. */
const LAPSES: ReadonlyMap<string, string> = new Map([
  ['skipped-kube-contexts', 'every context of the kubeconfig is offered; leave out of the file what nobody should see'],
  ['unsafe-use-service-account-token', NEVER_THE_POD],
  ['service-account-token-path', NEVER_THE_POD],
]);

const NOT_YET = 'Accepted; no effect yet.';
const NEVER = 'Accepted; no effect: nobody acts with this server’s own credential.';

const KNOWN: readonly (readonly [name: string, kind: FlagKind, fallback: string, meaning?: string])[] = [
  ['unsafe-use-service-account-token', 'boolean', 'false', NEVER],
  ['service-account-token-path', 'text', '', NEVER],
  ['proxy-urls', 'text', ''],
  ['enable-helm', 'boolean', 'false'],
  ['enable-dynamic-clusters', 'boolean', 'false'],
  ['cache-enabled', 'boolean', 'false'],
  ['app-name', 'text', 'Headlamp'],
  ['no-browser', 'boolean', 'false'],
  ['allow-kubeconfig-changes', 'boolean', 'false'],
  ['watch-plugins-changes', 'boolean', 'true'],
  ['kubeconfig-dir', 'text', ''],
  ['skipped-kube-contexts', 'text', ''],
  ['plugins-dir', 'text', ''],
  ['user-plugins-dir', 'text', ''],
  ['pod-debug-image', 'text', ''],
  ['node-shell-image', 'text', ''],
  ['node-shell-namespace', 'text', ''],
  ['enable-cluster-inventory', 'boolean', 'false'],
  ['cluster-inventory-provider-file', 'text', ''],
  ['cluster-inventory-label-selector', 'text', ''],
  ['cluster-inventory-namespaces', 'text', ''],
  ['cluster-inventory-root-reconcile-interval', 'text', ''],
  ['cluster-inventory-no-crd-cache-ttl', 'text', ''],
  ['default-light-theme', 'text', ''],
  ['default-dark-theme', 'text', ''],
  ['force-theme', 'text', ''],
  ['service-name', 'text', 'headlamp'],
  ['service-version', 'text', ''],
  ['tracing-enabled', 'boolean', 'false'],
  ['otlp-endpoint', 'text', 'localhost:4317'],
  ['use-otlp-http', 'boolean', 'false'],
  ['stdout-trace-enabled', 'boolean', 'false'],
  ['sampling-rate', 'text', '1.0'],
];

export const SILENT_FLAGS: readonly Flag[] = KNOWN.map(([name, kind, fallback, meaning = NOT_YET]) => {
  const lapse = LAPSES.get(name);
  return { name, kind, fallback, effective: false, meaning, ...(lapse === undefined ? {} : { lapse }) };
});
