import { describe, expect, it } from 'vitest';
import { cronJob, daemons, job, namespace, pod, replicas, service } from './row-status.ts';

const condition = (type: string, status = 'True'): unknown => ({ status: { conditions: [{ type, status }] } });
const waiting = (reason: string): unknown => ({
  status: { phase: 'Pending', containerStatuses: [{ ready: false, state: { waiting: { reason } } }] },
});

describe.each([
  [
    'a Deployment or StatefulSet',
    replicas,
    { spec: { replicas: 3 }, status: { readyReplicas: 3 } },
    '3 of 3 ready',
    'good',
  ],
  ['one not yet ready', replicas, { spec: { replicas: 3 }, status: {} }, '0 of 3 ready', 'busy'],
  ['one that wants none', replicas, { spec: { replicas: 0 } }, '0 wanted', 'quiet'],
  ['one that does not say how many', replicas, { status: { readyReplicas: 1 } }, '1 of 1 ready', 'good'],
  ['a DaemonSet', daemons, { status: { desiredNumberScheduled: 2, numberReady: 1 } }, '1 of 2 ready', 'busy'],
  ['a DaemonSet that fits no node', daemons, { status: { desiredNumberScheduled: 0 } }, '0 wanted', 'quiet'],
  ['a finished Job', job, condition('Complete'), 'Complete', 'good'],
  ['a failed Job', job, condition('Failed'), 'Failed', 'bad'],
  ['a suspended Job', job, condition('Suspended'), 'Suspended', 'quiet'],
  ['a Job resumed', job, condition('Suspended', 'False'), 'Waiting', 'busy'],
  ['a running Job', job, { status: { active: 2 } }, '2 running', 'busy'],
  ['a CronJob', cronJob, { spec: { schedule: '0 3 * * *' } }, '0 3 * * *', 'good'],
  ['a suspended CronJob', cronJob, { spec: { schedule: '@daily', suspend: true } }, '@daily, suspended', 'quiet'],
  [
    'a CronJob at work',
    cronJob,
    { spec: { schedule: '@daily' }, status: { active: [{}] } },
    '@daily, 1 running',
    'busy',
  ],
  ['a running Pod', pod, { status: { phase: 'Running', containerStatuses: [{ ready: true }] } }, 'Running', 'good'],
  [
    'a Pod half ready',
    pod,
    { status: { phase: 'Running', containerStatuses: [{ ready: true }, { ready: false }] } },
    'Running, 1 of 2 ready',
    'busy',
  ],
  ['a Pod whose container crashes', pod, waiting('CrashLoopBackOff'), 'CrashLoopBackOff', 'bad'],
  ['a Pod being created', pod, waiting('ContainerCreating'), 'Pending', 'busy'],
  ['a failed Pod', pod, { status: { phase: 'Failed' } }, 'Failed', 'bad'],
  [
    'a Pod on its way out',
    pod,
    { metadata: { deletionTimestamp: '2026-01-02T03:04:05Z' }, status: { phase: 'Running' } },
    'Terminating',
    'busy',
  ],
  ['a Pod of which nothing is known', pod, {}, 'Unknown', 'quiet'],
  ['a Service', service, { spec: { type: 'LoadBalancer' } }, 'LoadBalancer', 'quiet'],
  ['a namespace', namespace, { status: { phase: 'Active' } }, 'Active', 'good'],
  ['a namespace on its way out', namespace, { status: { phase: 'Terminating' } }, 'Terminating', 'busy'],
] as const)('the status of %s', (_what, read, item, words, tone) => {
  it(`is “${words}”`, () => {
    expect(read(item)).toEqual({ words, tone });
  });
});
