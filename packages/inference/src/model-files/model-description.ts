import type { ClassDefinition, SliceSettings } from '@interseg/data';
import type { ClassPostProcessing } from '../predict/post-processing.ts';

/** What a shipped model must know to segment a volume: stored in `model.json` as `userDefinedMetadata.interseg`. */
export interface ModelDescription {
  variant: string;
  /** What brought the variant, where it did not come with InterSeg. */
  plugins?: readonly string[];
  /** Names of the images' channels, in order; the network's input has those of every slice of the context. */
  channels: readonly string[];
  modality: 'mr' | 'ct';
  /** One output channel each, in order. */
  classes: readonly ClassDefinition[];
  /**
   * `'softmax'` where the probabilities of background and classes add up to 1: a voxel then is of the most probable of them.
   * Absent where each class has a sigmoid.
   */
  outputActivation?: 'sigmoid' | 'softmax';
  /** How volumes become slices. */
  slices: SliceSettings;
  /** What makes masks of the probabilities, one for each class, where it was chosen on validation cases. */
  postProcessing?: readonly ClassPostProcessing[];
  /** What DICOM SEG says of classes, as `parseSegmentNotes` of `@interseg/dicom` checks it. */
  segments?: readonly Record<string, unknown>[];
}
