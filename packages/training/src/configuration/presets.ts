import type { RunConfigurationInput } from './run-configuration.ts';

/** The names of the presets. */
export const presetNames = ['paper'] as const;
export type PresetName = (typeof presetNames)[number];

/**
 * Settings that belong together. `paper`: what the public PyTorch U-Net and U-Net++ of the paper's time
 * (4uiiurz1/pytorch-nested-unet) start from; nothing proves that the authors used it.
 */
export const presets: Readonly<Record<PresetName, Partial<RunConfigurationInput>>> = {
  paper: {
    filters: [32, 64, 128, 256, 512],
    normalization: 'batch',
    upSampling: 'bilinear',
    size: 96,
    bceWeight: 0.5,
    smooth: 1e-5,
  },
};
