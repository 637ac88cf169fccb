import type { PresetName, RunConfigurationInput } from './run-configuration.ts';

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
