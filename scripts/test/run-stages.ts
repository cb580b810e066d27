/** Owns running the stages one after the other: a stage that fails, or can't run at all, stops none but those that need it. */
import { createProgress } from '../cli/progress.ts';
import type { Stage } from './stages.ts';
import { resultLine, type Tally } from './tally.ts';

export interface Result extends Tally {
  readonly stage: string;
  readonly seconds: number;
}

export interface Run {
  /** Of every stage that came to its end. */
  readonly results: readonly Result[];
  /** The stage during which the run was given up; whatever it counted by then would be wrong. */
  readonly interrupted?: string;
}

interface Surroundings {
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  /** Tells why a stage could not run. */
  readonly complain: (thrown: unknown) => void;
}

const FAILED: Tally = { passed: 0, failed: 1, skipped: [] };

async function tallyOf(stage: Stage, { signal, complain }: Surroundings): Promise<Tally> {
  try {
    using progress = createProgress();
    return await stage.run(progress, signal);
  } catch (thrown) {
    if (!signal.aborted) complain(thrown);
    return FAILED;
  }
}

/** Runs all of them in order; never rejects. */
export async function runStages(stages: readonly Stage[], surroundings: Surroundings): Promise<Run> {
  const { signal, say } = surroundings;
  const results: Result[] = [];
  for (const stage of stages) {
    say(`\n── ${stage.name}: ${stage.what}`);
    const begun = performance.now();
    const lacks = results.some((earlier) => earlier.stage === stage.needs && earlier.failed > 0);
    const tally = lacks
      ? { passed: 0, failed: 0, skipped: [`${stage.name}: ${stage.needs} failed`] }
      : await tallyOf(stage, surroundings);
    if (signal.aborted) return { results, interrupted: stage.name };
    const seconds = Math.round((performance.now() - begun) / 100) / 10;
    say(`── ${stage.name}: ${resultLine(tally)} in ${seconds} s`);
    results.push({ stage: stage.name, seconds, ...tally });
  }
  return { results };
}
