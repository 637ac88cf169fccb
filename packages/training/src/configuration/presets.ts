import { paperSchedule } from '../loop/schedules.ts';
import type { PresetName, RunConfigurationInput } from './run-configuration.ts';

/**
 * Settings that belong together.
 *
 * - `paper`: what the public PyTorch U-Net and U-Net++ of the paper's time (4uiiurz1/pytorch-nested-unet) start from; nothing
 *   proves that the authors used it. With the learning rate that the paper does name.
 * - `small-objects`: what did best from this learning rate on new patients with small objects in `studies/recipe`.
 * - `heart`: MSD Task02, MR of 320 × 320 pixels of 1.25 mm, shrunk to half of that.
 * - `spleen`: MSD Task09, CT of 512 × 512 pixels, shrunk to half of that, in the window of soft tissue.
 * - `brats2019`: four MR sequences of 240 × 240 pixels of 1 mm, not resized, and the three nested regions.
 */
export const presets: Readonly<Record<PresetName, Partial<RunConfigurationInput>>> = {
  paper: {
    filters: [32, 64, 128, 256, 512],
    normalization: 'batch',
    upSampling: 'bilinear',
    size: 96,
    bceWeight: 0.5,
    smooth: 1e-5,
    ...paperSchedule,
  },
  'small-objects': {
    variant: 'unetpp',
    normalization: 'instance',
    augmentation: 'light',
    learningRate: 0.002,
    decayEvery: 5,
  },
  heart: {
    classes: ['left atrium'],
    plane: 'axial',
    size: 160,
    intensity: 'percentiles',
  },
  spleen: {
    classes: ['spleen'],
    plane: 'axial',
    size: 256,
    intensity: 'window',
    window: [40, 400],
  },
  brats2019: {
    classes: ['whole tumour', 'tumour core', 'enhancing tumour'],
    plane: 'axial',
    size: 240,
    intensity: 'percentiles',
  },
};
