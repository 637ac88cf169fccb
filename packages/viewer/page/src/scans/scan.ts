import type { Comparison, Progress, Segmentation } from '../worker/protocol.ts';
import type { FileGroup } from './group-files.ts';

/** Where a scan stands. */
export type ScanState =
  | { readonly kind: 'incomplete'; readonly missing: readonly string[] }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'running'; readonly progress: Progress }
  | { readonly kind: 'done'; readonly segmentation: Segmentation }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'stopped' };

/** How a scan was compared with a reference. */
export type ComparisonState =
  | { readonly kind: 'running'; readonly reference: string }
  | { readonly kind: 'done'; readonly reference: string; readonly comparison: Comparison }
  | { readonly kind: 'failed'; readonly reference: string; readonly message: string };

/** A scan in the list. */
export interface Scan {
  readonly id: number;
  group: FileGroup;
  state: ScanState;
  comparison?: ComparisonState;
}

/** The files of a scan that are there. */
export function filesOf({ group }: Pick<Scan, 'group'>): File[] {
  return group.files.filter((file) => file !== undefined);
}

/** The name under which the mask of a scan is downloaded. */
export function maskName({ group }: Pick<Scan, 'group'>): string {
  return `${group.name || 'scan'}_mask.nii.gz`;
}
