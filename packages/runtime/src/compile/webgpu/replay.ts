import * as tf from '@tensorflow/tfjs-core';
import type { NamedTensorMap, Tensor } from '@tensorflow/tfjs-core';
import type { Replay } from '../step-recorder.ts';
import { bufferOf, deviceValues, freeUnusedBuffers, isBuffer, nextCommands, submit } from './gpu-backend.ts';
import type { Binding, GpuBackend, GpuEncoder, GpuPipeline } from './gpu-backend.ts';
import { Places } from './places.ts';
import { bindPrograms, type BoundProgram } from './bind-programs.ts';
import { release } from './record.ts';
import type { Recording } from './recording.ts';
import { schedule } from './schedule.ts';

/** Makes a recording ready to run on the GPU, in buffers of its own. */
export function load(backend: GpuBackend, recording: Recording): Replay {
  // The recording takes over buffers of the recorded call; the rest was for a call operation by operation only.
  submit(backend);
  const plan = schedule(recording, backend.device.limits.maxStorageBuffersPerShaderStage);
  let places: Places;
  try {
    places = new Places(backend, recording, plan);
  } finally {
    release(recording);
  }
  const programs = bindPrograms(backend, recording, plan.works, places);
  const inputs = recording.values.flatMap(({ source }, value) =>
    source.from === 'input' && plan.used.has(value) ? [{ name: source.name, place: places.of(value) }] : [],
  );
  const written = new Set(recording.updates.map(({ variable }) => variable));
  const copies = updateCopies(recording, places);
  freeUnusedBuffers(backend);

  const run = (given: NamedTensorMap): Record<string, Tensor> => {
    for (const home of places.homes.values()) home.prepare(written.has(home.variable));
    const commands = nextCommands(backend);
    for (const { name, place } of inputs) feed(backend, commands, given[name]!, place);
    runPrograms(commands, programs);
    const results = recording.results.map(
      (result) => [result.name, fetch(backend, recording, result, places)] as const,
    );
    for (const [from, to] of copies) copy(nextCommands(backend), from, to);
    backend.submitQueue();
    return Object.fromEntries(results);
  };
  return {
    get isStale() {
      return [...places.homes.values()].some(({ isLost }) => isLost);
    },
    run,
    release: () => places.release(),
  };
}

function runPrograms(commands: GpuEncoder, programs: readonly BoundProgram[]): void {
  if (programs.length === 0) return;
  const pass = commands.beginComputePass();
  let current: GpuPipeline | undefined;
  for (const { pipeline, group, workgroups } of programs) {
    if (pipeline !== current) pass.setPipeline((current = pipeline));
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(...workgroups);
  }
  pass.end();
}

/**
 * The copies that set variables after the programs ran. Some programs have set their variable themselves; the old value
 * of a variable that becomes another one's is kept aside until all old values were read.
 */
function updateCopies({ values, updates }: Recording, places: Places): (readonly [Binding, Binding])[] {
  const first: (readonly [Binding, Binding])[] = [];
  const last: typeof first = [];
  for (const { variable, value } of updates) {
    const { buffer } = places.homes.get(variable)!;
    const home = { buffer, offset: 0, size: buffer.size };
    const from = places.of(value);
    if (from.buffer === buffer) continue;
    if (values[value]!.source.from === 'variable') {
      const aside = { ...home, buffer: places.acquire(buffer.size) };
      first.push([from, aside]);
      last.push([aside, home]);
    } else {
      last.push([from, home]);
    }
  }
  return [...first, ...last];
}

function copy(commands: GpuEncoder, from: Binding, to: Binding): void {
  commands.copyBufferToBuffer(from.buffer, from.offset, to.buffer, to.offset, to.size);
}

/** Gives a recording the numbers of an input. */
function feed(backend: GpuBackend, commands: GpuEncoder, { dataId }: Tensor, place: Binding): void {
  const { resource, values, dtype } = backend.tensorMap.get(dataId);
  if (isBuffer(resource)) copy(commands, { ...place, buffer: resource }, place);
  else backend.queue.writeBuffer(place.buffer, 0, deviceValues(values!, dtype));
}

/** A tensor of its own with a result, since the recording's buffers change in the next run. */
function fetch(
  backend: GpuBackend,
  { values }: Recording,
  { value, dtype, shape }: Recording['results'][number],
  places: Places,
): Tensor {
  const { source, dtype: type } = values[value]!;
  const numbers = source.from === 'host' ? source.values.slice() : undefined;
  const { dataId } = backend.makeTensorInfo(shape, type, numbers);
  if (numbers === undefined) {
    const buffer = bufferOf(backend, dataId)!;
    copy(nextCommands(backend), places.of(value), { buffer, offset: 0, size: buffer.size });
  }
  return tf.engine().makeTensorFromTensorInfo({ dataId, shape: [...shape], dtype });
}
