import * as tf from '@tensorflow/tfjs-core';
import type { DataId, NamedTensorMap, Tensor, TensorInfo, Variable } from '@tensorflow/tfjs-core';
import { NotRecordable, readsOnHost } from '../step-recorder.ts';
import type { Binding, NativeTensor, NodeBackend, OperationAttribute } from './node-backend.ts';
import type { Constant, Feed, RecordedAttribute, RecordedNode, Source } from './recording.ts';

/** Records the operations of a step on the backend while it runs. */
export class Recorder {
  readonly nodes: RecordedNode[] = [];
  readonly constants: Constant[] = [];
  readonly feeds: Feed[] = [];
  /** The first known reason why the step cannot be replayed. */
  refusal: NotRecordable | undefined;
  private readonly backend: NodeBackend;
  private readonly inputs: Map<DataId, string>;
  private readonly variables: Map<DataId, Variable>;
  /** Data that the step made on the host, and the source of each tensor of TensorFlow. */
  private readonly madeOnHost = new WeakSet<DataId>();
  private readonly sources = new Map<number, Source>();

  constructor(backend: NodeBackend, inputs: NamedTensorMap, variables: readonly Variable[]) {
    this.backend = backend;
    this.inputs = new Map(Object.entries(inputs).map(([name, { dataId }]) => [dataId, name]));
    this.variables = new Map(variables.map((variable) => [variable.dataId, variable]));
  }

  /** Runs work while the methods of the backend are wrapped, and restores them in any case. */
  watch<T>(work: () => T): T {
    const { backend } = this;
    const { binding, getInputTensorIds, move, readSync } = backend;
    const watched: Partial<NodeBackend> = {
      binding: this.watchedBinding(binding),
      getInputTensorIds: (tensors) => {
        const ids = getInputTensorIds.call(backend, tensors);
        tensors.forEach((tensor, index) => this.note(tensor, ids[index]!));
        return ids;
      },
      move: (id, ...rest) => {
        this.madeOnHost.add(id);
        move.call(backend, id, ...rest);
      },
      readSync: (id) => {
        this.noteRead(id);
        return readSync.call(backend, id);
      },
    };
    Object.assign(backend, watched);
    try {
      return work();
    } finally {
      backend.binding = binding;
      // Restores the methods of the class.
      for (const name of ['getInputTensorIds', 'move', 'readSync'] as const) {
        delete (backend as Partial<NodeBackend>)[name];
      }
    }
  }

  /** The source of a tensor that the step returned or assigned to a variable. */
  findSource(tensor: TensorInfo): Source {
    const [id] = this.backend.getInputTensorIds([tensor]) as [number];
    this.note(tensor, id);
    return this.sources.get(id)!;
  }

  private refuse(reason: string): void {
    this.refusal ??= new NotRecordable(reason);
  }

  private watchedBinding(binding: Binding): Binding {
    const executeOp: Binding['executeOp'] = (name, attributes, ids, count) => {
      const outputs = binding.executeOp(name, attributes, ids, count);
      this.noteOperation(name, attributes, ids, outputs);
      return outputs;
    };
    // The binding's own properties cannot be replaced.
    return Object.create(binding, { executeOp: { value: executeOp } }) as Binding;
  }

  private note(tensor: TensorInfo, id: number): void {
    if (this.sources.has(id) || tensor.dataId === undefined) return;
    const { dataId, shape } = tensor;
    const dtype = this.backend.tensorMap.get(dataId).dtype;
    const input = this.inputs.get(dataId);
    const variable = this.variables.get(dataId);
    if (input !== undefined) this.addFeed(id, { kind: 'input', name: input, dtype, shape });
    else if (variable !== undefined) this.addFeed(id, { kind: 'variable', variable, dtype, shape });
    else if (this.madeOnHost.has(dataId)) this.addConstant(id, tensor, dtype);
    else this.addFeed(id, { kind: 'held', tensor: holdTensor(this.backend, tensor), dtype, shape });
  }

  private addFeed(id: number, feed: Feed): void {
    this.sources.set(id, { from: 'feed', feed: this.feeds.length });
    this.feeds.push(feed);
  }

  private addConstant(id: number, tensor: TensorInfo, dtype: number): void {
    const values = Object.getPrototypeOf(this.backend).readSync.call(this.backend, tensor.dataId) as Constant['values'];
    if (Array.isArray(values) || tensor.dtype === 'complex64') {
      this.refuse(`The step makes a tensor of type ${tensor.dtype}, which cannot be recorded.`);
    }
    this.sources.set(id, { from: 'constant', constant: this.constants.length });
    this.constants.push({ dtype, shape: tensor.shape, values });
  }

  private noteOperation(
    operation: string,
    attributes: OperationAttribute[],
    ids: number[],
    outputs: NativeTensor[],
  ): void {
    const inputs = ids.flatMap((id) => this.sources.get(id) ?? []);
    if (inputs.length < ids.length) {
      this.refuse(`The operation ${operation} uses a tensor that did not come by the backend; it cannot be recorded.`);
    }
    const node = this.nodes.length;
    outputs.forEach(({ id }, output) => this.sources.set(id, { from: 'node', node, output }));
    this.nodes.push({
      operation,
      attributes: attributes.filter(({ value }) => value !== undefined).map((one) => this.attribute(operation, one)),
      inputs,
      outputs: outputs.map(({ dtype, shape }) => ({ dtype, shape })),
    });
  }

  private attribute(operation: string, { name, type, value }: OperationAttribute): RecordedAttribute {
    const { binding } = this.backend;
    const kinds = ['string', 'int', 'float', 'bool', 'type', 'shape'] as const;
    const kind = kinds.find((one) => binding[`TF_ATTR_${one.toUpperCase()}` as 'TF_ATTR_INT'] === type);
    if (kind === undefined) this.refuse(`The operation ${operation} has an attribute of an unknown kind, ${name}.`);
    // Kernels may reuse an array.
    return { name, kind: kind ?? 'int', value: Array.isArray(value) ? [...(value as unknown[])] : value };
  }

  private noteRead(dataId: DataId): void {
    if (this.madeOnHost.has(dataId)) return;
    const source = this.backend.tensorMap.has(dataId)
      ? this.sources.get(this.backend.tensorMap.get(dataId).id)
      : undefined;
    this.refusal ??= readsOnHost({
      input: this.inputs.get(dataId),
      variable: this.variables.get(dataId),
      operation: source?.from === 'node' ? this.nodes[source.node]!.operation : undefined,
    });
  }
}

/** Another tensor on the same data, which keeps the data alive. */
function holdTensor(backend: NodeBackend, { dataId, shape, dtype }: TensorInfo): Tensor {
  backend.incRef(dataId);
  return tf.keep(tf.engine().makeTensorFromTensorInfo({ dataId, shape, dtype }));
}
