import { DataError } from '@interseg/errors';
import type { OnnxAttribute, OnnxNode, OnnxTensor } from './encode-model.ts';

/** Features that flow through the graph, `[N, channels, H, W]` whatever the layout of the file's ends. */
export interface OnnxValue {
  readonly name: string;
  readonly channels: number;
}

/** The nodes and constants of a graph, as layers add them one after the other. */
export class OnnxGraph {
  readonly nodes: OnnxNode[] = [];
  readonly tensors: OnnxTensor[] = [];
  private readonly names = new Set<string>();

  /**
   * Adds a node with one output.
   *
   * @param operator of the operators of ONNX, version 17
   * @param name of the node and of its output
   * @param inputs names of values and constants; an empty one leaves an optional input out
   * @returns the name
   * @throws DataError when the name is taken
   */
  add(
    operator: string,
    name: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, OnnxAttribute>> = {},
  ): string {
    this.take(name);
    this.nodes.push({ operator, name, inputs, outputs: [name], attributes });
    return name;
  }

  /**
   * Adds a constant.
   *
   * @param data row-major, as many values as the shape has
   * @returns the name
   * @throws DataError when the name is taken
   */
  constant(name: string, shape: readonly number[], data: Float32Array | BigInt64Array): string {
    this.take(name);
    this.tensors.push({ name, shape, data });
    return name;
  }

  /** Keeps a name for what is no node, such as the input. @throws DataError when it is taken */
  take(name: string): void {
    if (this.names.has(name)) {
      throw new DataError(`The network has two values named ${name}, expected another name for one of its layers.`);
    }
    this.names.add(name);
  }
}
