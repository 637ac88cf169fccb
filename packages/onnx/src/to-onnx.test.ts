import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { DataError } from '@interseg/errors';
import { artifactsFromFiles, onnxMetadataKeys, readOnnxMetadata, toOnnx, type ModelArtifacts } from './index.ts';

const description = {
  variant: 'unet',
  channels: ['T1', 'FLAIR'],
  modality: 'mr',
  classes: [{ name: 'tumour', values: [1, 2] }],
  slices: { size: [16, 16], plane: 'axial', normalization: { kind: 'zscore' } },
  postProcessing: [{ threshold: 0.4, smallestObject: 30, largestComponent: false }],
};

const from = (layer: string): unknown[] => [[[layer, 0, 0, {}]]];
const layer = (kind: string, name: string, config: object, input: string) => ({
  name,
  class_name: kind,
  config: { name, ...config },
  inbound_nodes: from(input),
});

/** A pooling, a convolution and an up-sampling, written by hand so that no version of TensorFlow.js changes a byte. */
function files({ layers = [] as object[], weights = [0, 0.25, 0.5] } = {}): [string, Uint8Array] {
  const image = {
    name: 'image',
    class_name: 'InputLayer',
    config: { batch_input_shape: [null, 16, 16, 2] },
    inbound_nodes: [],
  };
  const all = [
    // Not in order: a layer may stand before what it takes.
    layer('UpSampling2D', 'segmentation', { size: [2, 2], interpolation: 'bilinear' }, 'head'),
    image,
    layer('Conv2D', 'head', { filters: 1, kernel_size: [1, 1], activation: 'sigmoid' }, 'pool'),
    layer('MaxPooling2D', 'pool', { pool_size: [2, 2] }, 'image'),
    ...layers,
  ];
  const config = {
    name: 'tiny',
    layers: all,
    input_layers: [['image', 0, 0]],
    output_layers: [['segmentation', 0, 0]],
  };
  const specs = [
    { name: 'head/kernel', shape: [1, 1, 2, 1], dtype: 'float32' },
    { name: 'head/bias', shape: [1], dtype: 'float32' },
  ];
  const model = {
    modelTopology: { class_name: 'Model', config },
    weightsManifest: [{ paths: ['weights.bin'], weights: specs }],
    userDefinedMetadata: { interseg: description },
  };
  return [JSON.stringify(model), new Uint8Array(Float32Array.from(weights).buffer)];
}

const tiny = (): ModelArtifacts => artifactsFromFiles(...files());

describe('toOnnx', () => {
  it.each([
    ['nchw', 'a5f129dbbca5a652d068b4c7aa435d552e2893a8fa7deebdff5d91154a0ce7d1'],
    ['nhwc', 'da69e2c66bec7b789d3c671a8d9e93fc5883df72e69abeed638aa5600522e0f0'],
  ] as const)('gives the same bytes for the same network, %s', (layout, digest) => {
    const file = toOnnx(tiny(), { layout });
    expect(createHash('sha256').update(file).digest('hex')).toBe(digest);
  });

  it('keeps the description of the model, and says how the file is to be used', () => {
    const metadata = readOnnxMetadata(toOnnx(tiny(), { layout: 'nhwc' }));
    expect(Object.keys(metadata)).toEqual(Object.values(onnxMetadataKeys));
    expect(JSON.parse(metadata['interseg.description']!)).toEqual(description);
    expect(metadata['interseg.layout']).toBe('nhwc');
    expect(metadata['interseg.sizeMultiple']).toBe('2');
  });

  it('writes a network without a description', () => {
    const metadata = readOnnxMetadata(toOnnx({ ...tiny(), userDefinedMetadata: undefined }));
    expect(metadata).toEqual({ 'interseg.layout': 'nchw', 'interseg.sizeMultiple': '2' });
  });

  it('takes weights in several parts', () => {
    const whole = tiny();
    const bytes = whole.weightData as ArrayBuffer;
    expect(toOnnx({ ...whole, weightData: [bytes.slice(0, 5), bytes.slice(5)] })).toEqual(toOnnx(whole));
  });

  it('refuses another layout', () => {
    expect(() => toOnnx(tiny(), { layout: 'chwn' as 'nchw' })).toThrow("layout is 'chwn', expected one of nchw, nhwc.");
  });
});

describe('what is no such network is refused in one sentence', () => {
  const withTopology = (change: (config: Record<string, unknown>) => object): ModelArtifacts => {
    const artifacts = tiny();
    const { config } = artifacts.modelTopology as { config: Record<string, unknown> };
    return { ...artifacts, modelTopology: { class_name: 'Model', config: { ...config, ...change(config) } } };
  };
  const specs = tiny().weightSpecs!;
  it.each<[string, ModelArtifacts, string]>([
    [
      'a sequence',
      { ...tiny(), modelTopology: { class_name: 'Sequential' } },
      'The network is "Sequential", expected a Model',
    ],
    ['nothing', {}, 'The network is of no class, expected a Model'],
    [
      'two outputs',
      withTopology(() => ({
        output_layers: [
          ['head', 0, 0],
          ['pool', 0, 0],
        ],
      })),
      '2 outputs, expected one',
    ],
    ['an unknown output', withTopology(() => ({ output_layers: [['tail', 0, 0]] })), 'Output tail: found no layer'],
    [
      'a layer that waits for itself',
      artifactsFromFiles(...files({ layers: [layer('ReLU', 'a', {}, 'a')] })),
      'Layer a: found an input that no layer gives',
    ],
    [
      'an unknown layer',
      artifactsFromFiles(...files({ layers: [layer('Lambda', 'gate', {}, 'pool')] })),
      'Layer gate: found a Lambda, which has no counterpart',
    ],
    [
      'the other data format',
      artifactsFromFiles(...files({ layers: [layer('ReLU', 'a', { data_format: 'channels_first' }, 'pool')] })),
      'Layer a: found the data format channels_first',
    ],
    [
      'a missing weight',
      { ...tiny(), weightSpecs: [specs[0]!, { ...specs[1]!, name: 'x/bias' }] },
      'Weight head/bias: found it missing, expected the shape [1]',
    ],
    [
      'a kernel of another shape',
      { ...tiny(), weightSpecs: [{ ...specs[0]!, shape: [2, 1, 1, 1] }, specs[1]!] },
      'Weight head/kernel: found it of shape [2, 1, 1, 1], expected the shape [1, 1, 2, 1]',
    ],
    [
      'weights cut off',
      { ...tiny(), weightData: new ArrayBuffer(8) },
      'The weights have 8 bytes, expected those of the 2 weights',
    ],
    ['weights with more', { ...tiny(), weightData: new ArrayBuffer(16) }, 'The weights have 16 bytes'],
    [
      'another type',
      { ...tiny(), weightSpecs: [{ ...specs[0]!, dtype: 'int32' }, specs[1]!] },
      'Weight head/kernel: found the type int32, expected float32',
    ],
    [
      'quantised weights',
      { ...tiny(), weightSpecs: [{ ...specs[0]!, quantization: {} }, specs[1]!] },
      'Weight head/kernel: found quantised values',
    ],
  ])('%s', (_, artifacts, message) => {
    const attempt = (): Uint8Array => toOnnx(artifacts);
    expect(attempt).toThrow(DataError);
    expect(attempt).toThrow(message);
    expect(attempt).toThrow(/^[^\n]*[^.]\.$/);
  });

  it.each(['', 'null', '{}', '{"modelTopology":{},"weightsManifest":[null]}'])('model.json with %j', (text) => {
    const attempt = (): Uint8Array => toOnnx(artifactsFromFiles(text, new Uint8Array(0)));
    expect(attempt).toThrow(DataError);
  });
});

describe('readOnnxMetadata', () => {
  it('refuses what is no file of ONNX', () => {
    const file = toOnnx(tiny());
    for (const bytes of [new Uint8Array(0), file.subarray(0, 30), new TextEncoder().encode('<html>')]) {
      expect(() => readOnnxMetadata(bytes)).toThrow(DataError);
    }
  });
});
