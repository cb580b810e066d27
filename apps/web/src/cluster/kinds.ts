/** The kinds the page lists: where the API serves each, what people call it, and how its state is read. */
import { LIST_LIMIT_OBJECTS } from '../constants.ts';
import type { NamespaceName } from './namespace-name.ts';
import * as status from './row-status.ts';

export interface Kind {
  /** The resource's name in the API, and the section's anchor on the page. */
  readonly plural: string;
  readonly title: string;
  /** The kind in the middle of a sentence: "The cluster does not let you list …". */
  readonly words: string;
  /** The path before the resource or its namespace. */
  readonly api: string;
  readonly namespaced: boolean;
  /** Null for kinds of which only names are asked for. */
  readonly status: ((item: unknown) => status.RowStatus) | null;
  /** What the state is called in the table's head. */
  readonly statusTitle: string;
}

export const NAMESPACES: Kind = {
  plural: 'namespaces',
  title: 'Namespaces',
  words: 'namespaces',
  api: '/api/v1',
  namespaced: false,
  status: status.namespace,
  statusTitle: 'Status',
};

export const WORKLOADS: readonly Kind[] = [
  kind('deployments', 'Deployments', 'deployments', '/apis/apps/v1', status.replicas),
  kind('statefulsets', 'StatefulSets', 'stateful sets', '/apis/apps/v1', status.replicas),
  kind('daemonsets', 'DaemonSets', 'daemon sets', '/apis/apps/v1', status.daemons),
  kind('jobs', 'Jobs', 'jobs', '/apis/batch/v1', status.job),
  kind('cronjobs', 'CronJobs', 'cron jobs', '/apis/batch/v1', status.cronJob, 'Schedule'),
  kind('pods', 'Pods', 'pods', '/api/v1', status.pod),
];

export const CONFIGURATION: readonly Kind[] = [
  kind('services', 'Services', 'services', '/api/v1', status.service, 'Type'),
  kind('configmaps', 'ConfigMaps', 'config maps', '/api/v1', null),
  kind('secrets', 'Secrets', 'secrets', '/api/v1', null),
];

/** Every kind of which objects live in namespaces. */
export const KINDS: readonly Kind[] = [...WORKLOADS, ...CONFIGURATION];

function kind(
  plural: string,
  title: string,
  words: string,
  api: string,
  read: Kind['status'],
  statusTitle = 'Status',
): Kind {
  return { plural, title, words, api, namespaced: true, status: read, statusTitle };
}

/** Where the proxy serves a list. `namespace` null: all of them. */
export function listPath(cluster: string, { api, plural }: Kind, namespace: NamespaceName | null): string {
  const scope = namespace === null ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  return `/clusters/${encodeURIComponent(cluster)}${api}${scope}/${plural}?limit=${LIST_LIMIT_OBJECTS}`;
}

/** Asks for names, labels and times without the values, so that no Secret's data comes to the browser. */
const NAMES_ONLY = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';

export function listAccept({ status: read }: Kind): string {
  return read === null ? NAMES_ONLY : 'application/json';
}
