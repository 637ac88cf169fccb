import '@tensorflow/tfjs-backend-cpu';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { modelArtifacts, type ModelDescription } from '@interseg/inference';
import { createNetwork } from '@interseg/models';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findPython } from '../../../tools/build/python.ts';
import { onnxLayouts, toOnnx } from '../src/index.ts';
import { scrambleWeights } from './agreement.ts';

/** What others make of a file: the checker and the reference evaluator of the package `onnx` of Python. */
const python = await findPython(['numpy', 'onnx', 'onnx.reference']);
const folder = await mkdtemp(join(tmpdir(), 'interseg-onnx-'));
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeAll(() => tf.setBackend('cpu'));

const SCRIPT = `
import json, sys, numpy, onnx
from onnx.reference import ReferenceEvaluator
case = json.load(open(sys.argv[1]))
model = onnx.load(case['file'])
onnx.checker.check_model(model, full_check=True)
inferred = onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)
image = numpy.array(case['image'], dtype=numpy.float32).reshape(case['shape'])
[output] = ReferenceEvaluator(model).run(None, {'image': image})
dimensions = lambda end: [d.dim_param or d.dim_value for d in end.type.tensor_type.shape.dim]
print(json.dumps({
    'opset': model.opset_import[0].version,
    'input': [model.graph.input[0].name, dimensions(model.graph.input[0])],
    'output': [model.graph.output[0].name, dimensions(model.graph.output[0])],
    'metadata': {entry.key: entry.value for entry in model.metadata_props},
    'untyped': len([n for n in model.graph.node if n.output[0] not in {v.name for v in [*inferred.graph.value_info, *inferred.graph.output]}]),
    'values': output.ravel().tolist(), 'shape': list(output.shape)}))
`;

interface Judged {
  opset: number;
  input: [string, (string | number)[]];
  output: [string, (string | number)[]];
  metadata: Record<string, string>;
  untyped: number;
  values: number[];
  shape: number[];
}

const description: ModelDescription = {
  variant: 'unet',
  channels: ['T1', 'T2'],
  modality: 'mr',
  classes: [
    { name: 'größer', values: [1] },
    { name: 'kleiner', values: [2] },
  ],
  slices: { size: [16, 16] },
};

const networks = [
  { variant: 'unet', normalization: 'instance', upSampling: 'transpose', outputActivation: 'softmax' },
  { variant: 'unet', normalization: 'group', upSampling: 'bilinear', outputActivation: 'sigmoid' },
  { variant: 'unetpp', normalization: 'batch', upSampling: 'bilinear', outputActivation: 'softmax' },
  { variant: 'unetpp', normalization: 'none', upSampling: 'transpose', outputActivation: 'sigmoid' },
] as const;

describe.skipIf(python.skipped)(`onnx of Python${python.reason && ` (${python.reason})`}`, () => {
  const cases = networks.flatMap((options) => onnxLayouts.map((layout) => ({ ...options, layout })));
  it.each(cases)(
    '$variant, $normalization, $upSampling, $outputActivation, $layout',
    async ({ layout, ...options }) => {
      const network = createNetwork({ ...options, inputShape: [16, 16, 2], classes: 2, filters: [2, 4, 4], groups: 2 });
      scrambleWeights(network.deploy);
      const file = join(folder, `${Object.values({ ...options, layout }).join('-')}.onnx`);
      await writeFile(file, toOnnx(await modelArtifacts(network.deploy, description), { layout }));
      const image = tf.randomUniform([2, 24, 16, 2], -2, 2, 'float32', 3);
      const output = network.deploy.apply(image, { training: false }) as Tensor;
      const turn = (tensor: Tensor): Tensor => (layout === 'nchw' ? tf.transpose(tensor, [0, 3, 1, 2]) : tensor);
      const [given, expected] = [turn(image), turn(output)];
      const path = `${file}.json`;
      await writeFile(path, JSON.stringify({ file, image: [...given.dataSync()], shape: given.shape }));
      network.dispose();

      const found = await python.run<Judged>(SCRIPT, [path]);
      const dimensions = layout === 'nchw' ? ['batch', 2, 'height', 'width'] : ['batch', 'height', 'width', 2];
      expect(found).toMatchObject({ opset: 17, input: ['image', dimensions], output: ['segmentation', dimensions] });
      expect(found.untyped).toBe(0);
      expect(JSON.parse(found.metadata['interseg.description']!)).toEqual(description);
      expect(found.metadata).toMatchObject({ 'interseg.layout': layout, 'interseg.sizeMultiple': '4' });
      expect(found.shape).toEqual(expected.shape);
      const differences = [...expected.dataSync()].map((value, index) => Math.abs(value - found.values[index]!));
      expect(Math.max(...differences)).toBeLessThan(1e-5);
    },
  );
});
