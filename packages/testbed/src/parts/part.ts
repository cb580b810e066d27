/** Owns what a resolved part is, and what is told while one is being obtained. */
import type { PartName } from '@lamplighter/fixtures';

/** Where a part came from, in the order in which the places are tried. */
export type PartSource = 'explicit' | 'path' | 'cache' | 'download' | 'build';

/** A binary that is there and may be run. */
export interface Part {
  readonly name: PartName;
  readonly version: string;
  readonly path: string;
  readonly source: PartSource;
}

/** Why one of the places had nothing; the reason ends a sentence. */
export interface Miss {
  readonly miss: string;
}

/** Told while a part is obtained, so that nobody waits without knowing for what and how long. */
export interface ObtainEvent {
  readonly part: PartName;
  readonly doing: 'downloading' | 'building' | 'waiting' | 'repairing' | 'obtained';
  /** Ends a line: "412 of about 1782 packages". */
  readonly note: string;
  /** How long it usually takes, where that is known. */
  readonly usualSeconds?: number;
}

export type OnObtain = (event: ObtainEvent) => void;

/** What resolving looks at; a test hands in its own. */
export interface ObtainContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cacheFolder: string;
  readonly onEvent: OnObtain;
  readonly signal?: AbortSignal | undefined;
}
