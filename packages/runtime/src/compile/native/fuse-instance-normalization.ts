import { normalizationOperations } from '../../native/kernels/normalization.ts';
import type { RecordedAttribute, RecordedNode, Recording, Source } from './recording.ts';
import { keyOf, shapeOf } from './sources.ts';

/**
 * Makes instance normalisation as InterSeg's layers compute it, by one operation of InterSeg or many of TensorFlow,
 * together with a ReLU after it one operation of oneDNN. TensorFlow knows it under a name of its own only, for graphs
 * without gradients. What no longer has a user stays in the list, and TensorFlow prunes it.
 */
export function fuseInstanceNormalization(recording: Recording): Recording {
  const nodes = [...recording.nodes];
  const graph = { ...recording, nodes };
  nodes.forEach((node, index) => {
    const found =
      node.operation === 'Reshape' ? (matchOperation(graph, node) ?? matchNormalization(graph, node)) : undefined;
    if (found) nodes[index] = normalizeNode(node.outputs, found, []);
    if (node.operation !== 'Relu') return;
    const before = producer(graph, node.inputs[0]);
    if (before?.operation !== fusedName) return;
    nodes[index] = { ...before, attributes: [...before.attributes.slice(0, -1), activation(['Relu'])] };
  });
  return graph;
}

const fusedName = '_MklFusedInstanceNorm';

/** The inputs of an instance normalisation. */
interface Normalization {
  /** `[N, H, W, C]`. */
  readonly x: Source;
  /** `[C]`. */
  readonly scale: Source;
  /** `[C]`. */
  readonly shift: Source;
  readonly epsilon: number;
}

/** TensorFlow's operation of oneDNN; `fused` may have `Relu`. */
export function normalizeNode(
  outputs: RecordedNode['outputs'],
  { x, scale, shift, epsilon }: Normalization,
  fused: string[],
): RecordedNode {
  const attributes: RecordedAttribute[] = [
    { name: 'T', kind: 'type', value: outputs[0]!.dtype },
    { name: 'epsilon', kind: 'float', value: epsilon },
    { name: 'reduction_axes', kind: 'int', value: [1, 2] },
    activation(fused),
  ];
  return { operation: fusedName, attributes, inputs: [x, scale, shift], outputs };
}

function activation(value: string[]): RecordedAttribute {
  return { name: 'fused_ops', kind: 'string', value };
}

/** Recognises InterSeg's operation on `[N, H · W, C]`, which is reshaped to and from `[N, H, W, C]`. */
function matchOperation(graph: Recording, last: RecordedNode): Normalization | undefined {
  const node = producer(graph, last.inputs[0]);
  if (node?.operation !== normalizationOperations.forward || !isFirstOutput(last.inputs[0])) return undefined;
  const attribute = (name: string): unknown => node.attributes.find((one) => one.name === name)?.value;
  const [flat, scale, shift] = node.inputs as [Source, Source, Source];
  const before = producer(graph, flat);
  const x = before?.operation === 'Reshape' ? before.inputs[0] : undefined;
  if (x === undefined || attribute('group_size') !== 1) return undefined;
  const shape = shapeOf(graph, x);
  const isSameShape = shape.length === 4 && String(last.outputs[0]!.shape) === String(shape);
  const [samples, height = 0, width = 0, channels] = shape;
  const isFlat = String(shapeOf(graph, flat)) === String([samples, height * width, channels]);
  return isSameShape && isFlat ? { x, scale, shift, epsilon: attribute('epsilon') as number } : undefined;
}

function isFirstOutput(source: Source | undefined): boolean {
  return source?.from === 'node' && source.output === 0;
}

/**
 * Recognises `(flat − mean) · (rsqrt(mean((flat − mean)²) + epsilon) · scale) + shift` over the positions of `flat`,
 * `[N, H · W, C]`, which is reshaped to and from `[N, H, W, C]`.
 */
function matchNormalization(graph: Recording, last: RecordedNode): Normalization | undefined {
  const inputsOf = (source: Source | undefined, operation: string): readonly Source[] => {
    const node = producer(graph, source);
    return node !== undefined && operation.split('|').includes(node.operation) ? node.inputs : [];
  };
  const [scaled, shift] = inputsOf(last.inputs[0], 'BiasAdd');
  const [centered, slope] = inputsOf(scaled, 'Mul');
  const [flat, mean] = inputsOf(centered, 'Sub');
  const [inverse, scale] = inputsOf(slope, 'Mul');
  const [sum] = inputsOf(inverse, 'Rsqrt');
  const [variance, offset] = inputsOf(sum, 'Add|AddV2');
  const [square] = inputsOf(meanOfPositions(graph, variance), 'Square');
  const [x] = inputsOf(flat, 'Reshape');
  if (!x || !scale || !shift || !isSame(square, centered)) return undefined;
  if (!isSame(meanOfPositions(graph, mean), flat)) return undefined;
  const shape = shapeOf(graph, x);
  const [samples, height = 0, width = 0, channels] = shape;
  const isOfShape = (source: Source | undefined, expected: readonly unknown[]): boolean =>
    source !== undefined && String(shapeOf(graph, source)) === String(expected);
  const epsilon = constantOf(graph, offset);
  const matches =
    shape.length === 4 &&
    isOfShape(flat, [samples, height * width, channels]) &&
    isOfShape(scale, [channels]) &&
    isOfShape(shift, [channels]) &&
    String(last.outputs[0]!.shape) === String(shape) &&
    epsilon?.length === 1;
  return matches ? { x, scale, shift, epsilon: epsilon[0]! } : undefined;
}

/** What a mean along the axis of the positions is taken of, if the source is one. */
function meanOfPositions(graph: Recording, source: Source | undefined): Source | undefined {
  const node = producer(graph, source);
  if (node?.operation !== 'Mean') return undefined;
  const axes = constantOf(graph, node.inputs[1]);
  const keeps = node.attributes.some(({ name, value }) => name === 'keep_dims' && value === true);
  return keeps && axes?.length === 1 && axes[0] === 1 ? withoutCast(graph, node.inputs[0]) : undefined;
}

/** The source of a tensor that is cast to its own type. */
function withoutCast(graph: Recording, source: Source | undefined): Source | undefined {
  const node = producer(graph, source);
  if (node?.operation !== 'Cast') return source;
  const typeOf = (name: string): unknown => node.attributes.find((one) => one.name === name)?.value;
  return typeOf('SrcT') === typeOf('DstT') ? node.inputs[0] : source;
}

function producer({ nodes }: Recording, source: Source | undefined): RecordedNode | undefined {
  return source?.from === 'node' ? nodes[source.node] : undefined;
}

function constantOf({ constants }: Recording, source: Source | undefined) {
  return source?.from === 'constant' ? constants[source.constant]!.values : undefined;
}

function isSame(one: Source | undefined, other: Source | undefined): boolean {
  return one !== undefined && other !== undefined && keyOf(one) === keyOf(other);
}
