/** Owns what a world tells while it comes up: data for whoever shows it. */
import type { ObtainEvent } from '../parts/part.ts';

export type WorldEvent =
  | { readonly kind: 'obtain'; readonly obtain: ObtainEvent }
  /** Every part is there; how each was found. */
  | {
      readonly kind: 'parts';
      readonly parts: readonly { readonly name: string; readonly source: string; readonly version: string }[];
    }
  | { readonly kind: 'swept'; readonly worlds: readonly string[] }
  /** A part, or a condition of the whole, holds. `sinceStartMs` counts from the first process. */
  | { readonly kind: 'ready'; readonly what: string; readonly sinceStartMs: number }
  /** All of it holds: people can sign in. */
  | { readonly kind: 'up' };

export type OnWorldEvent = (event: WorldEvent) => void;
