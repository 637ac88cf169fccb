import * as ort from 'onnxruntime-web';
import { describe, expect, it } from 'vitest';
import { openOnnx, type OpenOnnxOptions } from '../browser.ts';
import { encodeModel, type OnnxEnd, type OnnxModel, type OnnxNode } from '../writer/encode-model.ts';
import { encodeMessage, integerField, messageField, textField, type Chunks } from '../writer/protobuf.ts';
import { readEnds } from './read-ends.ts';

const node = (operator: string, inputs: string[], outputs: string[], attributes = {}): OnnxNode => ({
  operator,
  name: outputs[0]!,
  inputs,
  outputs,
  attributes,
});
const image = (...shape: OnnxEnd['shape']): OnnxEnd => ({ name: 'image', shape });
const scores = (...shape: OnnxEnd['shape']): OnnxEnd => ({ name: 'scores', shape });
const tensor = (name: string, shape: number[], data: number[]) => ({ name, shape, data: Float32Array.from(data) });

/** A convolution of one pixel that gives, of the image x, what `weights` says: a foreign network, written by hand. */
function foreign({ weights = [1, -2, 3], ...changes }: { weights?: number[] } & Partial<OnnxModel> = {}): Uint8Array {
  return encodeModel({
    name: 'foreign',
    nodes: [node('Conv', ['image', 'kernel'], ['scores'])],
    tensors: [tensor('kernel', [weights.length, 1, 1, 1], weights)],
    input: image('n', 1, 'h', 'w'),
    output: scores('n', weights.length, 'h', 'w'),
    metadata: {},
    ...changes,
  });
}
const options: OpenOnnxOptions = { channels: 1, classes: 2, size: [2, 3], outputActivation: 'softmax', name: 'x.onnx' };
const slices = Float32Array.from({ length: 18 }, (_, i) => i / 10);
const infer = async (file: Uint8Array, changes: Partial<OpenOnnxOptions> = {}): Promise<number[]> => {
  const network = await openOnnx(file, ort, { ...options, ...changes });
  const found = await network.infer(slices, [3, 2, 3, 1]);
  network.dispose();
  return [...found];
};
const close = (found: number[], expected: number[]): void => {
  expect(found).toHaveLength(expected.length);
  found.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 6));
};

describe('what a foreign network gives becomes the probabilities of the classes', () => {
  it('leaves the background of a softmax out', async () => {
    close(
      await infer(foreign()),
      [...slices].flatMap((x) => [-2 * x, 3 * x]),
    );
  });

  it('takes the softmax, over background and classes', async () => {
    const expected = [...slices].flatMap((x) => {
      const sum = Math.exp(x) + Math.exp(-2 * x) + Math.exp(3 * x);
      return [Math.exp(-2 * x) / sum, Math.exp(3 * x) / sum];
    });
    close(await infer(foreign(), { ends: { logits: true } }), expected);
  });

  it('takes the sigmoid of each class', async () => {
    const changes = { outputActivation: 'sigmoid', ends: { logits: true } } as const;
    const expected = [...slices].flatMap((x) => [1 / (1 + Math.exp(-x)), 1 / (1 + Math.exp(2 * x))]);
    close(await infer(foreign({ weights: [1, -2] }), changes), expected);
  });

  it('takes channels last where the layout says so', async () => {
    const file = foreign({
      nodes: [
        node('Transpose', ['image'], ['turned'], { perm: [0, 3, 1, 2] }),
        node('Conv', ['turned', 'kernel'], ['channels']),
        node('Transpose', ['channels'], ['scores'], { perm: [0, 2, 3, 1] }),
      ],
      input: image('n', 'h', 'w', 1),
      output: scores('n', 'h', 'w', 3),
    });
    const expected = [...slices].flatMap((x) => [-2 * x, 3 * x]);
    close(await infer(file, { ends: { layout: 'nhwc' } }), expected);
    await expect(infer(file)).rejects.toThrow(
      'x.onnx, input image: found the shape [any, any, any, 1], expected [any, 1, 2, 3] (nchw).',
    );
  });

  it.each([1, 2, 5])('passes %i slices at a time where the network takes no other number', async (batch) => {
    const file = foreign({ input: image(batch, 1, 2, 3), output: scores(batch, 3, 2, 3) });
    close(
      await infer(file),
      [...slices].flatMap((x) => [-2 * x, 3 * x]),
    );
  });
});

it('weights that old files list among the inputs are no inputs', () => {
  const end = (field: number, name: string) =>
    messageField(field, [textField(1, name), messageField(2, [messageField(1, [integerField(1, 10)])])]);
  const graph = [messageField(5, [textField(8, 'kernel')]), end(11, 'image'), end(11, 'kernel'), end(12, 'scores')];
  expect(readEnds(encodeMessage([messageField(7, graph)]))).toEqual({
    inputs: [{ name: 'image', type: 'float16' }],
    outputs: [{ name: 'scores', type: 'float16' }],
  });
});

describe('a network that is not as expected is refused in one sentence', () => {
  const two = (kind: 'input' | 'output'): Uint8Array => foreign({ [kind]: { ...image('n', 1, 'h', 'w'), name: kind } });
  /** A network with one more tensor, which lies in another file. */
  const withTensor = (place: (tensor: Chunks[]) => Chunks): Uint8Array =>
    new Uint8Array([
      ...encodeMessage([messageField(7, [place([textField(8, 'w'), integerField(14, 1)])])]),
      ...foreign(),
    ]);
  it.each<[string, Uint8Array, Partial<OpenOnnxOptions>, string]>([
    ['nothing of ONNX', new TextEncoder().encode('<html>'), {}, 'that are not ONNX'],
    [
      'other channels',
      foreign(),
      { channels: 4 },
      'found the shape [any, 1, any, any], expected [any, 4, 2, 3] (nchw)',
    ],
    ['other classes', foreign(), { classes: 4 }, 'found the shape [any, 3, any, any], expected [any, 4 or 5, 2, 3]'],
    ['a background without a softmax', foreign(), { outputActivation: 'sigmoid' }, 'expected [any, 2, 2, 3]'],
    [
      'logits without a background',
      foreign({ weights: [1, 2] }),
      { ends: { logits: true } },
      'expected [any, 3, 2, 3]',
    ],
    [
      'another size',
      foreign({ input: image(1, 1, 8, 8) }),
      {},
      'found the shape [1, 1, 8, 8], expected [any, 1, 2, 3]',
    ],
    ['volumes', foreign({ input: image(1, 1, 8, 8, 8) }), {}, 'input image: found the shape [1, 1, 8, 8, 8]'],
    ['an unknown input', foreign(), { ends: { input: 'scan' } }, 'found the inputs image, expected scan'],
    ['an unknown output', two('output'), { ends: { output: 'mask' } }, 'found the outputs output, expected mask'],
    ['an unknown layout', foreign(), { ends: { layout: 'chwn' as 'nchw' } }, "found the layout 'chwn'"],
    [
      'another multiple',
      foreign({ metadata: { 'interseg.sizeMultiple': '4' } }),
      {},
      'found slices of 2 × 3, expected multiples of 4',
    ],
    ['weights elsewhere', withTensor((tensor) => messageField(5, tensor)), {}, 'x.onnx: found weights in other files'],
    [
      'a constant elsewhere',
      withTensor((tensor) => messageField(1, [messageField(5, [messageField(5, tensor)])])),
      {},
      'x.onnx: found weights in other files',
    ],
    ['an unknown operator', foreign({ nodes: [node('Foo', ['image'], ['scores'])] }), {}, 'onnxruntime refuses it'],
    [
      'an output of another size',
      foreign({ nodes: [node('Conv', ['image', 'kernel'], ['scores'], { strides: [2, 2] })] }),
      {},
      'found float32 of the shape [3, 3, 1, 2], expected float32 of the shape [3, 3, 2, 3]',
    ],
    [
      'undeclared channels',
      foreign({ output: scores('n', 'c', 'h', 'w') }),
      { classes: 5 },
      'output scores: found 3 channels, expected 5 or 6',
    ],
  ])('%s', async (_, file, changes, message) => {
    const attempt = infer(file, changes);
    await expect(attempt).rejects.toThrow(message);
    await expect(attempt).rejects.toThrow(/^[^\n]*[^.]\.$/);
  });
});
