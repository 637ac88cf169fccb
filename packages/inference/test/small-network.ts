import { ConvolutionBlock, UpSamplingBlock } from '@interseg/core-layers';
import { input, layers, model, type LayersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers';

/** A U-Net of two levels, as small as one can be: `[N, 16, 16, 2]` in, `[N, 16, 16, 1]` out, with the layers of real ones. */
export function smallNetwork(): LayersModel {
  const image = input({ shape: [16, 16, 2], name: 'image' });
  const block = (name: string, filters: number) => new ConvolutionBlock({ name, filters, seed: 1 });
  const fine = block('x_0_0', 2).apply(image);
  const coarse = block('x_1_0', 3).apply(layers.maxPooling2d({ poolSize: 2 }).apply(fine) as SymbolicTensor);
  const up = new UpSamplingBlock({ name: 'x_0_1', filters: 2, seed: 1 }).apply(coarse);
  const joined = block('x_0_1', 2).apply(layers.concatenate().apply([fine, up]) as SymbolicTensor);
  const output = layers.conv2d({ name: 'segmentation', filters: 1, kernelSize: 1, activation: 'sigmoid' });
  return model({ inputs: image, outputs: output.apply(joined) as SymbolicTensor });
}
