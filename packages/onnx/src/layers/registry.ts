import { OptionError } from '@interseg/errors';
import { writeActivation, writeClassProbabilities, writeLeakyReLU, writeReLU } from './activations.ts';
import { writeConvolution, writeTransposedConvolution } from './convolutions.ts';
import type { LayerWriter } from './layer-call.ts';
import { combinationWriter, writeConcatenate, writeIdentity } from './merges.ts';
import { writeBatchNormalization, writeGroupNormalization, writeInstanceNormalization } from './normalizations.ts';
import { poolingWriter, writeNearestUpSampling, writeUpSampling } from './resolutions.ts';

const writers = new Map<string, LayerWriter>([
  ['Activation', writeActivation],
  ['Add', combinationWriter('Add')],
  ['AveragePooling2D', poolingWriter('AveragePool')],
  ['BatchNormalization', writeBatchNormalization],
  ['ClassProbabilities', writeClassProbabilities],
  ['Concatenate', writeConcatenate],
  ['Conv2D', writeConvolution],
  ['Conv2DTranspose', writeTransposedConvolution],
  ['Dropout', writeIdentity],
  ['GroupNormalization', writeGroupNormalization],
  ['InstanceNormalization', writeInstanceNormalization],
  ['JointBatchNormalization', writeBatchNormalization],
  ['LeakyReLU', writeLeakyReLU],
  ['MaxPooling2D', poolingWriter('MaxPool')],
  ['Maximum', combinationWriter('Max')],
  ['Minimum', combinationWriter('Min')],
  ['Multiply', combinationWriter('Mul')],
  ['NearestUpSampling', writeNearestUpSampling],
  ['ReLU', writeReLU],
  ['UpSampling2D', writeUpSampling],
]);

/**
 * Says how a layer of a plugin is written. Defining it again changes nothing.
 *
 * @param className the `className` of the layer
 * @throws OptionError when there is another writer for layers of this class
 */
export function defineOnnxLayer(className: string, writer: LayerWriter): void {
  if ((writers.get(className) ?? writer) !== writer) {
    throw new OptionError(`Layers of class ${className} are written already, expected a class without a writer.`);
  }
  writers.set(className, writer);
}

/** The classes of layers that are written, in the order of their definition. */
export function onnxLayers(): readonly string[] {
  return [...writers.keys()];
}

/** The writer for a class of layers, if there is one. */
export function findWriter(className: string): LayerWriter | undefined {
  return writers.get(className);
}
