import * as tf from '@tensorflow/tfjs-core';
import type { DataId, Variable } from '@tensorflow/tfjs-core';
import { copyOf, makePlain } from './data.ts';
import { bufferOf, copyBuffer, type GpuBackend, type GpuBuffer } from './gpu-backend.ts';

/**
 * The buffer in which the replays on a backend read and write a variable, the same for all of them. A home is one more
 * owner of the variable's data, so that the buffer stays when the variable is set to other data.
 */
export class VariableHome {
  readonly variable: Variable;
  readonly buffer: GpuBuffer;
  private readonly backend: GpuBackend;
  private id: DataId;
  private users = 0;
  /** How often the buffer has changed. */
  private changes = 0;

  /** The home of a variable, which gets one more user. */
  static use(backend: GpuBackend, variable: Variable): VariableHome {
    const homes = homesOn(backend);
    const known = homes.get(variable);
    const home = known === undefined || known.isLost ? new VariableHome(backend, variable) : known;
    homes.set(variable, home);
    home.users++;
    return home;
  }

  private constructor(backend: GpuBackend, variable: Variable) {
    this.backend = backend;
    this.variable = variable;
    makePlain(backend, variable);
    if (backend.refCount(variable.dataId) > 1) tf.tidy(() => variable.assign(copyOf(backend, variable)));
    this.id = variable.dataId;
    this.buffer = bufferOf(backend, this.id)!;
    backend.incRef(this.id);
    homesById.set(this.id, this);
  }

  /** Whether the buffer is no longer the data's, as when another backend took it over. */
  get isLost(): boolean {
    const { tensorMap } = this.backend;
    return !tensorMap.has(this.id) || tensorMap.get(this.id).resource !== this.buffer;
  }

  /**
   * Before a replay: takes in what the variable was set to since the last one.
   *
   * @param isWritten whether the replay sets the variable
   */
  prepare(isWritten: boolean): void {
    const { backend, variable } = this;
    const isAtHome = variable.dataId === this.id;
    if (isAtHome && !isWritten) return;
    const data = backend.tensorMap.get(this.id);
    const owners = isAtHome ? 2 : 1;
    if (data.refCount > owners) this.leaveDataToOthers();
    // Numbers that were read before.
    else data.values = null;
    if (!isAtHome) {
      makePlain(backend, variable);
      copyBuffer(backend, bufferOf(backend, variable.dataId)!, this.buffer);
    }
    if (variable.dataId !== this.id) this.takeBack();
    this.changes++;
  }

  /** Ends one use. The last one leaves the buffer to the variable. */
  release(): void {
    if (--this.users > 0) return;
    const homes = homesOn(this.backend);
    if (homes.get(this.variable) === this) homes.delete(this.variable);
    homesById.delete(this.id);
    disown(this.backend, this.id);
  }

  /** Tensors share the data, such as a clone of the variable: they keep its numbers, in another buffer. */
  private leaveDataToOthers(): void {
    const { backend, id } = this;
    const data = backend.tensorMap.get(id);
    this.id = backend.makeTensorInfo(data.shape, data.dtype).dataId;
    const other = bufferOf(backend, this.id)!;
    copyBuffer(backend, this.buffer, other);
    backend.tensorMap.get(this.id).resource = this.buffer;
    data.resource = other;
    homesById.delete(id);
    homesById.set(this.id, this);
    disown(backend, id);
  }

  /** Gives the variable the data of its home. */
  private takeBack(): void {
    const { backend, variable, id } = this;
    backend.incRef(id);
    const tensor = tf.engine().makeTensorFromTensorInfo({ dataId: id, shape: variable.shape, dtype: variable.dtype });
    variable.assign(tensor);
    tensor.dispose();
  }

  /** A read that takes its time must not leave its numbers as those of data that has changed meanwhile. */
  static watchReads(backend: GpuBackend): void {
    const read = backend.read.bind(backend);
    backend.read = async (id) => {
      const home = homesById.get(id);
      const changes = home?.changes;
      const values = await read(id);
      if (home?.id === id && home.changes !== changes && backend.tensorMap.has(id)) {
        backend.tensorMap.get(id).values = null;
      }
      return values;
    };
  }
}

const homesByBackend = new WeakMap<GpuBackend, WeakMap<Variable, VariableHome>>();
const homesById = new WeakMap<DataId, VariableHome>();

function homesOn(backend: GpuBackend): WeakMap<Variable, VariableHome> {
  const known = homesByBackend.get(backend);
  if (known !== undefined) return known;
  VariableHome.watchReads(backend);
  const homes = new WeakMap<Variable, VariableHome>();
  homesByBackend.set(backend, homes);
  return homes;
}

/** Gives up one reference to data, on whichever backend it is now. */
function disown(backend: GpuBackend, id: DataId): void {
  const owner = tf.engine().state.tensorInfo.get(id)?.backend ?? backend;
  if (owner.disposeData(id)) tf.engine().removeDataId(id, owner);
}
