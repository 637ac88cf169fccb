/**
 * The numbers that the rules of a plan use, in one place, so that they can be chosen by measurement.
 * Pixels are those at the spacing that the plan chooses.
 */
export const recipe = {
  variant: 'unet',
  precision: 'auto',

  /** GiB that training may take unless the user says otherwise. */
  memory: 5,

  /** Spacings that differ by less than this share count as equal. */
  equalSpacing: 0.02,
  /** Slices are only made coarser while nine of ten objects keep this diameter, in pixels. */
  comfortableDiameter: 12,

  /** Slices with sides of at most so many pixels are shown whole. */
  wholeSlice: 256,
  /** Objects of at most this diameter are small, in pixels. */
  smallDiameter: 8,
  /** Side of the patch for larger slices, in pixels; where one of ten objects is small; and where half of each class are. */
  patch: 256,
  patchWithSmallObjects: 192,
  patchOfSmallObjects: 128,

  /** The median object is in at least so many slices for one neighbour on each side to be shown, and for two. */
  contextSpans: [3, 6],

  /** Channels of the finest level; each further level has twice as many. */
  firstFilters: 16,
  /** Most channels of a level. */
  mostFilters: 256,
  /** Fewest pixels along a side of the coarsest level. */
  coarsestSide: 6,
  fewestLevels: 3,
  mostLevels: 6,

  /** Slices per step, if they fit into memory. */
  batch: 8,
  /** Slices per step at least: a smaller patch is better than fewer. */
  fewestPerBatch: 2,
  /**
   * GiB of a program that trains, without its steps; and values that a training step of a U-Net keeps per pixel and channel of
   * a level, gradients included. Both from the highest memory of runs on the native engine (docs/plan.md).
   */
  programMemory: 0.6,
  valuesPerChannel: 56,
  /** How many times as many other backbones keep: U-Net++ has nodes between encoder and decoder. */
  nestedBackbone: 2.55,
  /** How many times as many it keeps with a mask path, which is a second pass through the network. */
  maskPath: 2.6,

  /** Percentiles of the foreground that become the window of CT. */
  windowPercentiles: ['0.5', '99.5'],

  /** Slices without foreground per slice with foreground, as far as there are so many. */
  backgroundSlices: 1,

  /** Share of the patches of slices with foreground that are centred on an object. */
  patchForeground: 0.5,
  mostPatchesPerSlice: 4,

  /**
   * A class with at most this share of the voxels is rare: training starts from this probability, otherwise from one half, and
   * Dice is taken over each slice, otherwise over the batch.
   */
  rareShare: 0.001,
  rareProbability: 0.01,

  augmentation: 'light',
  /** With at most so many patients, stronger augmentation keeps training from over-fitting. */
  fewPatients: 16,
  augmentationOfFew: 'nnunet',
  diceOver: 'batch',
  deepSupervision: true,

  optimizer: 'adam',
  /** The largest norm of all gradients together. */
  clipNorm: 1,
  schedule: 'polynomial',
  warmUpEpochs: 1,
  /** The moving average of the weights looks back over this share of all steps, and its decay is at most the other number. */
  averagedShare: 0.05,
  mostAveraged: 0.999,
  /** Weight of earlier epochs in the score that picks the best one. */
  scoreSmoothing: 0.8,
  /** Fewest validation cases that may choose the post-processing. */
  fewestToChoose: 3,

  /** Steps of training unless the user gives minutes. */
  steps: 2500,
  /** Fewest and most epochs, whatever the steps; minutes overrule them. */
  epochs: [20, 1000],
  /** Share of the minutes that steps and validation may take; the rest is for reading and writing. */
  timeShare: 0.95,
} as const;

/** The numbers of {@link recipe}. */
export type Recipe = typeof recipe;
