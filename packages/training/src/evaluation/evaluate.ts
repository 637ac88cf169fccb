import type { ClassDefinition } from '@interseg/data';
import {
  objectWiseDetection,
  segmentationMetrics,
  type ObjectWiseDetection,
  type SegmentationMetrics,
} from '@interseg/metrics';
import { classMask, type LabelVolume } from './class-mask.ts';

/** The evaluation of one class in one case. */
export interface ClassEvaluation {
  name: string;
  metrics: SegmentationMetrics;
  /** The connected components of the reference, and which of them were detected. */
  objects: ObjectWiseDetection;
}

/**
 * Evaluates a predicted label map against a reference on the same grid, class by class. Distances are in millimetres.
 *
 * @throws Error when the grids differ
 */
export function evaluate(
  prediction: LabelVolume,
  reference: LabelVolume,
  classes: readonly ClassDefinition[],
): ClassEvaluation[] {
  return classes.map((definition) => {
    const masks = [classMask(prediction, definition), classMask(reference, definition)] as const;
    return { name: definition.name, metrics: segmentationMetrics(...masks), objects: objectWiseDetection(...masks) };
  });
}
