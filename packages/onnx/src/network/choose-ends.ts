import { DataError, OptionError } from '@interseg/errors';
import { onnxMetadataKeys, readOnnxMetadata } from '../writer/metadata.ts';
import { onnxLayouts, type OnnxLayout } from '../to-onnx.ts';
import { hasExternalWeights } from './external-weights.ts';
import { readEnds, type DeclaredEnd } from './read-ends.ts';

/** How a network's input and output are to be understood, where its file does not say so. */
export interface OnnxEnds {
  /** The order of axes of both. Defaults to what `interseg.layout` of the metadata says, or `'nchw'`. */
  layout?: OnnxLayout;
  /** The input for the slices, where there are several. */
  input?: string;
  /** The output with the classes, where there are several. */
  output?: string;
  /** Whether the output still lacks the sigmoid or softmax. Defaults to `false`. */
  logits?: boolean;
}

/** What a network is to take and give. */
export interface ExpectedEnds {
  /** Channels of a slice, with those of its context. */
  channels: number;
  /** Channels of the output, the background not counted. */
  classes: number;
  /** `[height, width]` of the slices. */
  size: readonly [number, number];
  /** Whether each class has a sigmoid, or a softmax is over background and classes. Defaults to `'sigmoid'`. */
  outputActivation?: 'sigmoid' | 'softmax';
}

/** An input and an output that are as expected, as far as the file declares them. */
export interface ChosenEnds {
  readonly input: string;
  readonly output: string;
  readonly layout: OnnxLayout;
  /** As many slices as every pass must have, where not any number will do. */
  readonly batch?: number;
}

/**
 * Finds the input and the output of a network, and compares them with what is expected.
 *
 * @param name what errors call the file
 * @throws DataError when the file has others; OptionError when the layout is none of {@link onnxLayouts}
 */
export function chooseEnds(file: Uint8Array, name: string, expected: ExpectedEnds, ends: OnnxEnds): ChosenEnds {
  const metadata = readOnnxMetadata(file, name);
  const layout = (ends.layout ?? metadata[onnxMetadataKeys.layout] ?? 'nchw') as OnnxLayout;
  if (!onnxLayouts.includes(layout)) {
    throw new OptionError(`${name}: found the layout '${layout}', expected one of ${onnxLayouts.join(', ')}.`);
  }
  checkSize(name, expected.size, Number(metadata[onnxMetadataKeys.sizeMultiple] ?? 1));
  if (hasExternalWeights(file, name)) {
    throw new DataError(`${name}: found weights in other files, expected all of them in this one.`);
  }
  const declared = readEnds(file, name);
  const input = chooseEnd(declared.inputs, ends.input, `${name}: found`, 'input');
  const output = chooseEnd(declared.outputs, ends.output, `${name}: found`, 'output');
  const [height, width] = expected.size;
  checkEnd(input, `${name}, input`, layout, { counts: [expected.channels], height, width });
  checkEnd(output, `${name}, output`, layout, { counts: outputChannels(expected, ends), height, width });
  const batch = input.shape?.[0];
  return { input: input.name, output: output.name, layout, ...(batch !== undefined && { batch }) };
}

/** How many channels the output may have: with a softmax, that of the background may come first. */
export function outputChannels(
  { classes, outputActivation }: Pick<ExpectedEnds, 'classes' | 'outputActivation'>,
  { logits }: Pick<OnnxEnds, 'logits'>,
): readonly number[] {
  if (outputActivation !== 'softmax') return [classes];
  return logits ? [classes + 1] : [classes, classes + 1];
}

function checkSize(name: string, [height, width]: readonly [number, number], multiple: number): void {
  if (height % multiple === 0 && width % multiple === 0) return;
  throw new DataError(
    `${name}: found slices of ${height} × ${width}, expected multiples of ${multiple}, which the network's poolings need.`,
  );
}

function chooseEnd(
  all: readonly DeclaredEnd[],
  wanted: string | undefined,
  found: string,
  kind: 'input' | 'output',
): DeclaredEnd {
  const names = all.map((one) => one.name).join(', ') || 'none';
  const chosen = wanted === undefined ? all : all.filter((one) => one.name === wanted);
  if (chosen.length === 1) return chosen[0]!;
  const expected = wanted === undefined ? `one, or a description with network.${kind}` : wanted;
  throw new DataError(`${found} the ${kind}s ${names}, expected ${expected}.`);
}

function checkEnd(
  { name, type, shape }: DeclaredEnd,
  place: string,
  layout: OnnxLayout,
  expected: { counts: readonly number[]; height: number; width: number },
): void {
  if (type !== 'float32') {
    throw new DataError(`${place} ${name}: found ${type ?? 'no tensor'}, expected a tensor of float32.`);
  }
  if (!shape) return;
  const { counts, height, width } = expected;
  const axes = layout === 'nchw' ? [undefined, counts, [height], [width]] : [undefined, [height], [width], counts];
  const isFit =
    shape.length === 4 &&
    shape.every((extent, axis) => extent === undefined || !axes[axis] || axes[axis].includes(extent));
  if (isFit) return;
  const text = (all: readonly (string | number | undefined)[]): string =>
    `[${all.map((one) => one ?? 'any').join(', ')}]`;
  const wanted = axes.map((one) => one?.join(' or '));
  throw new DataError(`${place} ${name}: found the shape ${text(shape)}, expected ${text(wanted)} (${layout}).`);
}
