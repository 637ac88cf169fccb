import { callName, type LayerGraph, type LayerNode } from './layer-graph.ts';

/**
 * What height and width must be a multiple of: by how much the coarsest features of a network are smaller than its input. Layers
 * that are not known count as if they kept the size.
 */
export function sizeMultiple({ nodes, input }: LayerGraph): number {
  const reductions = new Map([[callName(input), 1]]);
  for (const node of nodes) {
    const before = Math.max(...node.inputs.map((one) => reductions.get(callName(one))!));
    reductions.set(callName(node), before * reduction(node));
  }
  return Math.ceil(Math.max(...reductions.values()));
}

function reduction({ className, config }: LayerNode): number {
  const largest = (value: unknown, otherwise: number): number => Math.max(...[value ?? otherwise].flat().map(Number));
  switch (className) {
    case 'Conv2D':
      return largest(config['strides'], 1);
    case 'MaxPooling2D':
    case 'AveragePooling2D':
      return largest(config['strides'] ?? config['pool_size'], 2);
    case 'Conv2DTranspose':
      return 1 / largest(config['strides'], 1);
    case 'UpSampling2D':
      return 1 / largest(config['size'], 2);
    case 'NearestUpSampling':
      return 1 / 2;
    default:
      return 1;
  }
}
