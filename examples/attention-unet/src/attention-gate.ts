import { layerSeed, NearestUpSampling } from '@interseg/core-layers';
import { initializers, layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';

/** What an attention gate is made from. */
export interface AttentionGateOptions {
  /** Put before the names of its layers. */
  name: string;
  /** Channels F_int in which features and gating signal are added up. */
  filters: number;
  /** Decides the initial weights together with the names. */
  seed: number;
}

/** Weighs the features of a skip connection, position by position. Applying it again shares its weights. */
export interface AttentionGate {
  /**
   * @param features x, `[N, 2H, 2W, C]`
   * @param gating g, from the level below, `[N, H, W, C_g]`
   * @returns α·x, of the shape of x, with one α in (0, 1) a position
   */
  apply(features: SymbolicTensor, gating: SymbolicTensor): SymbolicTensor;
}

/**
 * The additive attention gate of Oktay et al., arXiv 1804.03999, equations 1 and 2: on the grid of g,
 * α = σ(ψᵀ·ReLU(W_x·x + W_g·g + b_g) + b_ψ) brought to the grid of x.
 *
 * The paper interpolates α linearly; here each α serves its 2×2 positions, because TensorFlow.js' gradient of the linear
 * interpolation fails on the engine `cpu` where height and width differ.
 */
export function createAttentionGate({ name, filters, seed }: AttentionGateOptions): AttentionGate {
  const convolution = (part: string, options: Partial<Parameters<typeof layers.conv2d>[0]> & { filters: number }) =>
    layers.conv2d({
      kernelSize: 1,
      ...options,
      name: `${name}_${part}`,
      kernelInitializer: initializers.glorotNormal({ seed: layerSeed(seed, `${name}_${part}`) }),
    });
  const fromFeatures = convolution('features', { filters, kernelSize: 2, strides: 2, useBias: false });
  const fromGating = convolution('gating', { filters });
  const sum = layers.add({ name: `${name}_sum` });
  const rectified = layers.reLU({ name: `${name}_rectified` });
  const attention = convolution('attention', { filters: 1, activation: 'sigmoid' });
  const upSampled = new NearestUpSampling({ name: `${name}_up` });
  const product = layers.multiply({ name: `${name}_product` });
  return {
    apply(features, gating) {
      const joint = sum.apply([fromFeatures.apply(features), fromGating.apply(gating)] as SymbolicTensor[]);
      const weights = upSampled.apply(attention.apply(rectified.apply(joint))) as SymbolicTensor;
      return product.apply([features, weights]) as SymbolicTensor;
    },
  };
}
