import * as tf from '@tensorflow/tfjs-core';
import type { DataId, NamedTensorMap, Tensor, TensorInfo, Variable } from '@tensorflow/tfjs-core';
import { NotRecordable, readsOnHost } from '../step-recorder.ts';
import { isBuffer, type GpuBackend, type Program } from './gpu-backend.ts';
import type { Dispatch, Source, Value } from './recording.ts';
import { withMembers } from './with-members.ts';

type HostValues = Extract<Source, { from: 'host' }>['values'];

/** Records the programs that a step runs on the GPU while it runs. */
export class Recorder {
  readonly values: Value[] = [];
  readonly dispatches: Dispatch[] = [];
  /** The first known reason why the step cannot be replayed. */
  refusal: NotRecordable | undefined;
  private readonly backend: GpuBackend;
  private readonly inputs: Map<DataId, string>;
  private readonly variables: Map<DataId, Variable>;
  /** The data that the step makes, and the numbers of those that it made on the host. */
  private readonly made = new WeakSet<DataId>();
  private readonly hostValues = new Map<DataId, HostValues>();
  private readonly numbers = new Map<DataId, number>();
  private operation = '';
  private attributes: tf.NamedAttrMap = {};
  private uniforms = new Uint8Array();

  constructor(backend: GpuBackend, inputs: NamedTensorMap, variables: readonly Variable[]) {
    this.backend = backend;
    this.inputs = new Map(Object.entries(inputs).map(([name, { dataId }]) => [dataId, name]));
    this.variables = new Map(variables.map((variable) => [variable.dataId, variable]));
  }

  /** Runs work while the methods of the backend are wrapped, and restores them in any case. */
  watch<T>(work: () => T): T {
    const { backend } = this;
    const engine = tf.engine();
    const { write, read, readSync, shouldExecuteOnCPU, makeUniforms, recordAndSubmit } = backend;
    const { runKernel } = engine;
    const watchedBackend: Partial<GpuBackend> = {
      write: (values, shape, dtype) => {
        const id = write.call(backend, values, shape, dtype);
        this.made.add(id);
        // The backend forgets them when it uploads them, and the caller may change them.
        if (values) this.hostValues.set(id, values.slice() as HostValues);
        return id;
      },
      read: (id) => {
        this.noteRead(id);
        return read.call(backend, id);
      },
      readSync: (id) => {
        this.noteRead(id);
        return readSync.call(backend, id);
      },
      // What follows from constants alone is a constant, too; anything else has to be computed in each replay.
      shouldExecuteOnCPU: (tensors, ...rest) =>
        tensors.every(({ dataId }) => this.hostValues.has(dataId)) &&
        shouldExecuteOnCPU.call(backend, tensors, ...rest),
      makeUniforms: (uniforms) => this.noteUniforms(() => makeUniforms.call(backend, uniforms)),
      recordAndSubmit: (program, output, inputs, uniforms) => {
        recordAndSubmit.call(backend, program, output, inputs, uniforms);
        this.noteProgram(program, output, inputs);
      },
    };
    const watchedEngine = {
      runKernel: (name: string, inputs: NamedTensorMap, attributes?: tf.NamedAttrMap) => {
        const { operation, attributes: others } = this;
        [this.operation, this.attributes] = [name, { ...attributes }];
        try {
          return runKernel.call(engine, name, inputs, attributes);
        } finally {
          [this.operation, this.attributes] = [operation, others];
        }
      },
    };
    return withMembers(backend, watchedBackend, () => withMembers(engine as object, watchedEngine, work));
  }

  /** The number of the value that a tensor holds. */
  numberOf({ dataId, shape, dtype }: TensorInfo): number {
    const known = this.numbers.get(dataId);
    if (known !== undefined) return known;
    const data = this.backend.tensorMap.get(dataId);
    if (data.dtype === 'string' || data.dtype === 'complex64') {
      this.refuse(`The step makes a tensor of type ${data.dtype}, which cannot be recorded.`);
    }
    return this.addValue(dataId, this.sourceOf({ dataId, shape, dtype }));
  }

  private sourceOf(tensor: TensorInfo): Source {
    const { dataId } = tensor;
    const input = this.inputs.get(dataId);
    if (input !== undefined) return { from: 'input', name: input };
    const variable = this.variables.get(dataId);
    if (variable !== undefined) return { from: 'variable', variable };
    const values = this.hostValues.get(dataId) ?? this.backend.tensorMap.get(dataId).values;
    if (this.made.has(dataId) && values) return { from: 'host', values: values as HostValues };
    if (this.made.has(dataId)) {
      this.refuse(`The operation ${this.operation} uses a tensor that no program computed; it cannot be recorded.`);
    }
    return { from: 'outside', tensor: holdTensor(this.backend, tensor) };
  }

  private addValue(dataId: DataId, source: Source): number {
    const { dtype, shape, resource } = this.backend.tensorMap.get(dataId);
    const bytes = isBuffer(resource) ? resource.size : 4 * tf.util.sizeFromShape(shape);
    const number = this.values.push({ source, dtype, shape: [...shape], bytes }) - 1;
    this.numbers.set(dataId, number);
    return number;
  }

  private refuse(reason: string): void {
    this.refusal ??= new NotRecordable(reason);
  }

  /** The backend writes the uniforms of each program into a buffer, which it reuses. */
  private noteUniforms(make: () => object): object {
    const { queue } = this.backend;
    const writeBuffer: typeof queue.writeBuffer = (to, offset, data, ...range) => {
      this.uniforms = new Uint8Array(data as ArrayBuffer);
      queue.writeBuffer(to, offset, data, ...range);
    };
    return withMembers(this.backend, { queue: { writeBuffer } }, make);
  }

  private noteProgram(
    { pipeline, dispatch, pixelsOpType }: Program,
    output: TensorInfo,
    tensors: readonly TensorInfo[],
  ): void {
    const { operation, attributes } = this;
    if (pixelsOpType !== undefined && pixelsOpType !== null) {
      this.refuse(
        `The operation ${operation} works on an image of the browser; give its tensor to the step as an input.`,
      );
      return;
    }
    const inputs = tensors.map((tensor) => this.numberOf(tensor));
    this.dispatches.push({
      operation,
      attributes,
      pipeline,
      workgroups: [...dispatch],
      output: this.outputNumber(output),
      inputs,
      shape: [...output.shape],
      shapes: tensors.map(({ shape }) => [...shape]),
      uniforms: this.uniforms,
    });
  }

  private outputNumber({ dataId }: TensorInfo): number {
    const known = this.numbers.get(dataId);
    const isNew = known === undefined && this.made.has(dataId) && !this.hostValues.has(dataId);
    if (isNew) return this.addValue(dataId, { from: 'program' });
    if (known === undefined || this.values[known]!.source.from !== 'program') {
      this.refuse(`The operation ${this.operation} writes into a tensor that it did not make; it cannot be recorded.`);
    }
    return known ?? 0;
  }

  private noteRead(dataId: DataId): void {
    if (this.hostValues.has(dataId)) return;
    const number = this.numbers.get(dataId);
    this.refusal ??= readsOnHost({
      input: this.inputs.get(dataId),
      variable: this.variables.get(dataId),
      operation: this.dispatches.find(({ output }) => output === number)?.operation,
    });
  }
}

/** Another tensor on the same data, which keeps the data alive. */
function holdTensor(backend: GpuBackend, info: TensorInfo): Tensor {
  backend.incRef(info.dataId);
  return tf.keep(tf.engine().makeTensorFromTensorInfo(info));
}
