/** More layers than any network has; what is beyond it would keep the machine busy rather than segment. */
const mostLayers = 10_000;

/**
 * Checks that every layer of a topology can be reached from its inputs: TensorFlow.js tries again for ever where a layer
 * waits for one that does not exist, or for itself.
 *
 * @param topology as it stands in `model.json`
 * @throws Error that says what is wrong
 */
export function checkLayerGraph(topology: unknown): void {
  if (Array.isArray(topology)) topology.forEach(checkLayerGraph);
  if (!isObject(topology)) return;
  for (const key of Object.keys(topology)) {
    const read = key.replace(/_+(\w|$)/g, (_, letter: string) => letter.toUpperCase());
    if (spellings[read] !== undefined && spellings[read] !== key) throw new Error(`the key ${key}`);
  }
  Object.values(topology).forEach(checkLayerGraph);
  const { layers } = topology;
  if (Array.isArray(layers) && layers.some((layer) => isObject(layer) && 'inbound_nodes' in layer)) {
    checkOrder(layers.map(layerOf));
  }
}

/** Keys that TensorFlow.js also takes in other spellings, with which a layer could say two things at once. */
const spellings: Record<string, string> = {
  className: 'class_name',
  inboundNodes: 'inbound_nodes',
  layers: 'layers',
  name: 'name',
  config: 'config',
};

interface LayerCalls {
  name: string;
  isInput: boolean;
  /** What each call of the layer reads: the call of another layer, counted from 0. */
  calls: { from: string; call: number }[][];
}

function layerOf(value: unknown): LayerCalls {
  const { name, class_name: kind, config, inbound_nodes: nodes } = isObject(value) ? value : {};
  if (typeof name !== 'string' || !isObject(config) || config['name'] !== name || !Array.isArray(nodes)) {
    throw new Error('a layer without its name, configuration or inputs');
  }
  const calls = nodes.map((node: unknown) => {
    if (!Array.isArray(node)) throw new Error(`inputs of layer ${name} that are no list`);
    return node.map((input: unknown) => {
      const [from, call] = Array.isArray(input) ? (input as unknown[]) : [];
      if (typeof from !== 'string' || !Number.isInteger(call)) {
        throw new Error(`an input of layer ${name} without the name and call of a layer`);
      }
      return { from, call: call as number };
    });
  });
  return { name, isInput: kind === 'InputLayer', calls };
}

/** Goes through the layers as TensorFlow.js does, but gives up where nothing comes of it. */
function checkOrder(layers: readonly LayerCalls[]): void {
  if (layers.length > mostLayers) throw new Error(`${layers.length} layers`);
  const done = new Map(layers.map(({ name, isInput }) => [name, isInput ? 1 : 0]));
  if (done.size !== layers.length) throw new Error('two layers of one name');
  let waiting = layers.map(({ name, calls }) => ({ name, calls }));
  while (waiting.length > 0) {
    let hasProgress = false;
    waiting = waiting.flatMap(({ name, calls }) => {
      const left = calls.filter((inputs) => {
        if (inputs.some(({ from, call }) => call < 0 || (done.get(from) ?? 0) <= call)) return true;
        hasProgress = true;
        if (inputs.length > 0) done.set(name, (done.get(name) ?? 0) + 1);
        return false;
      });
      if (left.length === 0) hasProgress = true;
      return left.length > 0 ? [{ name, calls: left }] : [];
    });
    if (!hasProgress) throw new Error(`the layer ${waiting[0]?.name}, which waits for inputs that never come`);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
