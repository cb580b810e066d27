/** What one object's state is, in a word or two; pure readers of Kubernetes JSON. */
import { at, count, list, text } from '../api/json.ts';

/** How a state is meant: its colour never says more than its words. */
type Tone = 'good' | 'busy' | 'bad' | 'quiet';

export interface RowStatus {
  readonly words: string;
  readonly tone: Tone;
}

/** Ready of wanted, for Deployment and StatefulSet (apps/v1; `replicas` defaults to 1). */
export function replicas(item: unknown): RowStatus {
  return readyOf(count(at(item, 'status', 'readyReplicas')) ?? 0, count(at(item, 'spec', 'replicas')) ?? 1);
}

/** Ready of wanted, for DaemonSet: wanted is how many nodes it fits. */
export function daemons(item: unknown): RowStatus {
  const wanted = count(at(item, 'status', 'desiredNumberScheduled')) ?? 0;
  return readyOf(count(at(item, 'status', 'numberReady')) ?? 0, wanted);
}

function readyOf(ready: number, wanted: number): RowStatus {
  if (wanted === 0) return { words: '0 wanted', tone: 'quiet' };
  return { words: `${ready} of ${wanted} ready`, tone: ready >= wanted ? 'good' : 'busy' };
}

/** A Job's last word (batch/v1 conditions), else how far it is. */
export function job(item: unknown): RowStatus {
  const holds = list(at(item, 'status', 'conditions')).filter((condition) => at(condition, 'status') === 'True');
  const has = (type: string): boolean => holds.some((condition) => at(condition, 'type') === type);
  if (has('Failed')) return { words: 'Failed', tone: 'bad' };
  if (has('Complete')) return { words: 'Complete', tone: 'good' };
  if (has('Suspended')) return { words: 'Suspended', tone: 'quiet' };
  const active = count(at(item, 'status', 'active')) ?? 0;
  return active === 0 ? { words: 'Waiting', tone: 'busy' } : { words: `${active} running`, tone: 'busy' };
}

/** When a CronJob runs, in its own notation. */
export function cronJob(item: unknown): RowStatus {
  const schedule = text(at(item, 'spec', 'schedule')) ?? 'no schedule';
  if (at(item, 'spec', 'suspend') === true) return { words: `${schedule}, suspended`, tone: 'quiet' };
  const active = list(at(item, 'status', 'active')).length;
  return active === 0 ? { words: schedule, tone: 'good' } : { words: `${schedule}, ${active} running`, tone: 'busy' };
}

const PHASE_TONES: ReadonlyMap<string, Tone> = new Map([
  ['Running', 'good'],
  ['Succeeded', 'good'],
  ['Pending', 'busy'],
  ['Failed', 'bad'],
]);

/** A Pod's phase, unless a container says something worse or the Pod is on its way out: as kubectl reads it. */
export function pod(item: unknown): RowStatus {
  if (text(at(item, 'metadata', 'deletionTimestamp')) !== undefined) return { words: 'Terminating', tone: 'busy' };
  const containers = list(at(item, 'status', 'containerStatuses'));
  const stuck = containers
    .map((container) => text(at(container, 'state', 'waiting', 'reason')))
    .find((reason) => reason !== undefined && reason !== 'ContainerCreating' && reason !== 'PodInitializing');
  if (stuck !== undefined) return { words: stuck, tone: 'bad' };
  const phase = text(at(item, 'status', 'phase')) ?? 'Unknown';
  const ready = containers.filter((container) => at(container, 'ready') === true).length;
  if (phase === 'Running' && ready < containers.length) {
    return { words: `Running, ${ready} of ${containers.length} ready`, tone: 'busy' };
  }
  return { words: phase, tone: PHASE_TONES.get(phase) ?? 'quiet' };
}

/** A Service's type; nothing of it is ever unwell. */
export function service(item: unknown): RowStatus {
  return { words: text(at(item, 'spec', 'type')) ?? 'ClusterIP', tone: 'quiet' };
}

export function namespace(item: unknown): RowStatus {
  const phase = text(at(item, 'status', 'phase')) ?? 'Unknown';
  return { words: phase, tone: phase === 'Active' ? 'good' : 'busy' };
}
