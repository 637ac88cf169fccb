import { labelMap, prepareCase, type CaseVolume, type ClassDefinition, type SliceSettings } from '@interseg/data';
import { OptionError } from '@interseg/errors';
import { orientationFromAffine } from '@interseg/nifti';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { SliceNetwork } from '../networks/slice-network.ts';
import { scoresAgainstBackground } from './class-scores.ts';
import { inferSlices } from './infer-slices.ts';
import { checkPostProcessing, dropObjects, plainPostProcessing, type ClassPostProcessing } from './post-processing.ts';

/** How a volume is segmented. */
export interface PredictOptions {
  classes: readonly ClassDefinition[];
  /** How the volume becomes slices: as in training. */
  slices: SliceSettings;
  /** Slices per pass. Defaults to 8. */
  batchSize?: number;
  /** Mean over each slice and its mirror images along rows, columns and both. Defaults to `false`. */
  flips?: boolean;
  /**
   * Covers slices that are larger than the network with tiles; the number is the part that neighbours have in common, in
   * [0, 1). A network that was trained on patches always works on tiles, with an overlap of 0.5 by default. For any other,
   * slices are as in training unless this is given: then they keep their pixels instead of being shrunk to its size.
   */
  tileOverlap?: number;
  /** As in the model's description: how voxels get their labels. Defaults to `'sigmoid'`. */
  outputActivation?: 'sigmoid' | 'softmax';
  /**
   * What makes masks of the probabilities, one for each class: a {@link ModelDescription} may have them. Defaults to a
   * threshold of 0.5, and every object is kept.
   */
  postProcessing?: readonly ClassPostProcessing[];
  /** Whether only the largest connected component of each class is kept. Defaults to what `postProcessing` says. */
  largestComponent?: boolean;
  /** Ends the work before the next pass; the call then throws the signal's reason. */
  signal?: AbortSignal;
  /** Called as slices are done. */
  onProgress?: (progress: PredictionProgress) => void;
}

/** How far a prediction has come. */
export interface PredictionProgress {
  /** Slices done, of all models together. */
  readonly done: number;
  /** Slices to do, of all models together. */
  readonly total: number;
}

/** The segmentation of a volume, on its own grid. */
export interface VolumePrediction {
  /** Probability of each class on the original grid, in the original order of axes, first axis fastest. */
  probabilities: Float32Array[];
  /**
   * Of each voxel the label value of its most probable class, or set of overlapping classes; 0 where none reaches its
   * threshold. With a softmax, the threshold applies to `scoresAgainstBackground`.
   */
  labels: ReturnType<typeof labelMap>;
}

/** A model, and how volumes become its slices. */
export interface EnsembleMember {
  /** `[N, H, W, C]` in, `[N, H, W, K]` probabilities out. */
  model: LayersModel | SliceNetwork;
  slices: SliceSettings;
}

/**
 * Segments a whole volume slice by slice and puts the result back on the volume's own grid. Leaves no tensor behind.
 *
 * @param model `[N, H, W, C]` in, `[N, H, W, K]` probabilities out
 * @throws OptionError when an option is out of range
 */
export async function predictVolume(
  model: LayersModel | SliceNetwork,
  volume: CaseVolume,
  { slices, ...options }: PredictOptions,
): Promise<VolumePrediction> {
  return predictWithEnsemble([{ model, slices }], volume, options);
}

/** As {@link predictVolume}, with the mean of the probabilities of several models, on the volume's own grid. */
export async function predictWithEnsemble(
  members: readonly EnsembleMember[],
  volume: CaseVolume,
  options: Omit<PredictOptions, 'slices'>,
): Promise<VolumePrediction> {
  const { classes, postProcessing = classes.map(() => plainPostProcessing), largestComponent } = options;
  const { outputActivation = 'sigmoid' } = options;
  const settings = postProcessing.map((one) => ({
    ...one,
    largestComponent: largestComponent ?? one.largestComponent,
  }));
  checkPostProcessing(settings, classes.length);
  let probabilities: Float32Array[] = [];
  for (const [index, member] of members.entries()) {
    const found = await probabilitiesOf(member, volume, options, (done, slices) => {
      // Members may cut the volume along other planes: the others are taken to have as many slices as this one.
      options.onProgress?.({ done: index * slices + done, total: members.length * slices });
    });
    if (probabilities.length === 0) {
      probabilities = found;
    } else {
      found.forEach((one, k) =>
        probabilities[k]!.forEach((sum, voxel) => (probabilities[k]![voxel] = sum + one[voxel]!)),
      );
    }
  }
  if (members.length > 1) {
    probabilities = probabilities.map((volumeOfClass) => volumeOfClass.map((sum) => sum / members.length));
  }
  const scores = outputActivation === 'softmax' ? scoresAgainstBackground(probabilities) : probabilities;
  const before = scores === probabilities ? [] : scores.map((volumeOfClass) => volumeOfClass.slice());
  dropObjects(scores, volume, settings);
  before.forEach((all, k) =>
    all.forEach((score, voxel) => {
      if (score > 0 && scores[k]![voxel] === 0) probabilities[k]![voxel] = 0;
    }),
  );
  const threshold = settings.map((one) => one.threshold);
  return { probabilities, labels: labelMap(scores, classes, { threshold }) };
}

async function probabilitiesOf(
  { model, slices }: EnsembleMember,
  volume: CaseVolume,
  { classes, batchSize = 8, flips = false, tileOverlap, signal }: Omit<PredictOptions, 'slices'>,
  onSlices: (done: number, slices: number) => void,
): Promise<Float32Array[]> {
  signal?.throwIfAborted();
  if (tileOverlap !== undefined && !(tileOverlap >= 0 && tileOverlap < 1)) {
    throw new OptionError(`tileOverlap is ${tileOverlap}, expected a number from 0 and below 1.`);
  }
  const isInPatches = slices.resizing === 'patch';
  const settings = tileOverlap === undefined || isInPatches ? slices : unshrunk(volume, slices);
  const prepared = prepareCase(volume, classes, settings);
  const overlap = tileOverlap ?? (isInPatches ? defaultOverlap : 0);
  const onProgress = (done: number): void => onSlices(done, prepared.slices);
  const options = { batchSize, flips, overlap, signal, onProgress };
  return prepared.restore(await inferSlices(model, prepared, slices.size, classes.length, options));
}

/** The part that the tiles of a network that was trained on patches have in common. */
const defaultOverlap = 0.5;

/** Settings by which slices keep their pixels, however many they are. */
function unshrunk({ shape, affine }: CaseVolume, settings: SliceSettings): SliceSettings {
  const { size, plane = 'axial' } = settings;
  const [right, front, head] = orientationFromAffine(affine).axes.map((axis) => shape[axis]!) as [
    number,
    number,
    number,
  ];
  const [rows, columns] = { axial: [front, right], coronal: [head, right], sagittal: [head, front] }[plane] as [
    number,
    number,
  ];
  return { ...settings, resizing: 'shrink', size: [Math.max(size[0], rows), Math.max(size[1], columns)] };
}
