import { DataError } from '@interseg/errors';

/** The settings of a layer, as they are saved: `kernel_size`, `strides`, … */
export type LayerConfig = Readonly<Record<string, unknown>>;

/** Refers to what a layer gave in one of its calls, counted from 0. */
export interface CallReference {
  readonly layer: string;
  readonly call: number;
}

/** One call of a layer. */
export interface LayerNode extends CallReference {
  readonly className: string;
  readonly config: LayerConfig;
  readonly inputs: readonly CallReference[];
}

/** A network with one input and one output. */
export interface LayerGraph {
  readonly name: string;
  readonly input: CallReference;
  /** Channels of the input, which is `[N, H, W, C]`. */
  readonly channels: number;
  readonly output: CallReference;
  /** All calls but that of the input, each after those whose results it takes. */
  readonly nodes: readonly LayerNode[];
}

/** A name for the result of a call, which is the layer's own where it has one call. */
export function callName({ layer, call }: CallReference): string {
  return call === 0 ? layer : `${layer}.call_${call + 1}`;
}

/**
 * Reads the layers of a network and puts them in order.
 *
 * @param topology the saved form of a `LayersModel` that was made of symbolic tensors
 * @throws DataError when it has another form, or not one input and one output
 */
export function readLayerGraph(topology: unknown): LayerGraph {
  const model = objectAt(topology, 'model_config') ?? topology;
  const className = objectOf(model)['class_name'];
  if (className !== 'Model' && className !== 'Functional') {
    throw new DataError(
      `The network is ${JSON.stringify(className) ?? 'of no class'}, expected a Model, made of symbolic tensors.`,
    );
  }
  const { name, layers, input_layers: inputs, output_layers: outputs } = objectOf(objectAt(model, 'config'));
  const all = listOf(layers, 'layers').flatMap(readCalls);
  const input = onlyEnd(inputs, 'input');
  const source = all.find(({ layer, className: kind }) => layer === input.layer && kind === 'InputLayer');
  const shape = source?.config['batch_input_shape'];
  const channels = Array.isArray(shape) && shape.length === 4 ? (shape[3] as unknown) : undefined;
  if (typeof channels !== 'number') {
    throw new DataError(
      `Input ${input.layer}: found the shape ${JSON.stringify(shape)}, expected [N, H, W, C] with a known C.`,
    );
  }
  const nodes = inOrder(all, input);
  return {
    name: typeof name === 'string' ? name : 'network',
    input,
    channels,
    output: onlyEnd(outputs, 'output'),
    nodes,
  };
}

function readCalls(value: unknown): LayerNode[] {
  const { name, class_name: className, config, inbound_nodes: calls } = objectOf(value);
  if (typeof name !== 'string' || typeof className !== 'string') {
    throw new DataError('The network has a layer without a name and a class, expected both.');
  }
  const settings = objectOf(config);
  // An input takes nothing, but gives something once.
  if (className === 'InputLayer') return [{ layer: name, call: 0, className, config: settings, inputs: [] }];
  return listOf(calls, `inputs of layer ${name}`).map((inputs, call) => ({
    layer: name,
    call,
    className,
    config: settings,
    inputs: listOf(inputs, `inputs of layer ${name}`).map((one) => readReference(one, name)),
  }));
}

/** `[layer, call, output]`, where layers have one output. */
function readReference(value: unknown, from: string): CallReference {
  const [layer, call, output] = Array.isArray(value) ? (value as unknown[]) : [];
  if (typeof layer !== 'string' || typeof call !== 'number' || output !== 0) {
    throw new DataError(`Layer ${from}: found ${JSON.stringify(value)} as an input, expected the output of a layer.`);
  }
  return { layer, call };
}

function onlyEnd(ends: unknown, kind: 'input' | 'output'): CallReference {
  const list = listOf(ends, `${kind}s`);
  if (list.length !== 1) throw new DataError(`The network has ${list.length} ${kind}s, expected one.`);
  return readReference(list[0], `of the ${kind}`);
}

function inOrder(all: readonly LayerNode[], input: CallReference): LayerNode[] {
  const done = new Set([callName(input)]);
  const ordered: LayerNode[] = [];
  let waiting = all.filter((node) => callName(node) !== callName(input));
  while (waiting.length > 0) {
    const left: LayerNode[] = [];
    for (const node of waiting) {
      const isReady = node.inputs.length > 0 && node.inputs.every((one) => done.has(callName(one)));
      if (isReady) {
        done.add(callName(node));
        ordered.push(node);
      } else {
        left.push(node);
      }
    }
    if (left.length === waiting.length) {
      throw new DataError(`Layer ${left[0]!.layer}: found an input that no layer gives, expected the output of one.`);
    }
    waiting = left;
  }
  return ordered;
}

function objectOf(value: unknown): LayerConfig {
  return typeof value === 'object' && value !== null ? (value as LayerConfig) : {};
}

function objectAt(value: unknown, key: string): unknown {
  return objectOf(value)[key];
}

function listOf(value: unknown, what: string): unknown[] {
  if (!Array.isArray(value)) throw new DataError(`The network has no list of ${what}, expected one.`);
  return value;
}
