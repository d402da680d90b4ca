import type { Anchor, AnnotatedEvent } from '../../src/core/dataset/annotationTypes';
import type { RecommendationResult } from '../../src/core/recommend/types';

export interface SyntheticRecord { readonly text: string; readonly start: number; readonly index: number; readonly id: string }
export interface ResultOptions { readonly confidence?: number; readonly unsupported?: number; readonly claims?: number; readonly recommendations?: number }
export function anchorOf(text: string, start: number, record?: Anchor['record']): Anchor;
export function resultFor(number: number, options?: ResultOptions): RecommendationResult;
export function annotatedEvent(id: string, anchor: Anchor, result: RecommendationResult): AnnotatedEvent;
export function dataset(count: number, length?: number, label?: (index: number) => string | undefined): { readonly text: string; readonly records: readonly SyntheticRecord[] };
export function sidecarText(records: readonly SyntheticRecord[], options?: (index: number) => ResultOptions): string;
