/** Owns the JUnit form of a whole run: a suite a stage, so that what reads such files sees which stage failed. */
import type { Run } from './run-stages.ts';
import { resultLine } from './tally.ts';

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function xml(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => ESCAPES[character] ?? character);
}

interface Case {
  readonly stage: string;
  readonly seconds: number;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  readonly note: string;
}

function suite({ stage, seconds, outcome, note }: Case): string {
  const [failures, skipped] = [outcome === 'failed' ? 1 : 0, outcome === 'skipped' ? 1 : 0];
  const inside = {
    passed: '',
    failed: `<failure message="${xml(note)}"/>`,
    skipped: `<skipped message="${xml(note)}"/>`,
  };
  return [
    `  <testsuite name="${xml(stage)}" tests="1" failures="${failures}" skipped="${skipped}" time="${seconds}">`,
    `    <testcase classname="pnpm test" name="${xml(stage)}" time="${seconds}">${inside[outcome]}</testcase>`,
    `    <system-out>${xml(note)}</system-out>`,
    '  </testsuite>',
  ].join('\n');
}

/**
 * The run as JUnit's XML. Each stage is one case, with its own counts as text: the single tests stand in the files that the
 * runners themselves write. An interrupted stage is a failure.
 */
export function junitOf({ results, interrupted }: Run): string {
  const cases = results.map((result): Case => {
    const { stage, seconds, passed, failed, skipped } = result;
    const nothing = passed + failed === 0;
    if (nothing && skipped.length > 0) return { stage, seconds, outcome: 'skipped', note: skipped.join('; ') };
    return { stage, seconds, outcome: failed > 0 || nothing ? 'failed' : 'passed', note: resultLine(result) };
  });
  const cut: Case[] =
    interrupted === undefined ? [] : [{ stage: interrupted, seconds: 0, outcome: 'failed', note: 'interrupted' }];
  const suites = [...cases, ...cut].map(suite);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites name="pnpm test">',
    ...suites,
    '</testsuites>',
    '',
  ].join('\n');
}
