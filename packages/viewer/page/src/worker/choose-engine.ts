import { loadModelFiles, type LoadedModel, type ModelFiles } from '@interseg/inference';
import type { Engine, WebGpuInfo } from '@interseg/runtime/browser';
import * as tf from '@tensorflow/tfjs-core';
import type { EngineSettings } from './protocol.ts';

/** The engines of a browser; starting one makes it the current one. */
export interface Engines {
  /** @param threads at most so many, from 1 to 8 */
  readonly wasm: (threads?: number) => Promise<Engine>;
  readonly webgpu: () => Promise<Engine>;
  readonly findWebGpu: () => Promise<WebGpuInfo | undefined>;
}

/** A model on the engine that suits it. */
export interface ModelOnEngine extends LoadedModel {
  /** What computes. */
  readonly engine: Engine;
  /** Why WebGPU does not, in a sentence. */
  readonly note?: string;
}

/** The most that a probability may differ between webgpu and wasm. Without an error of the GPU it is below 1e-5. */
const largestDifference = 1e-3;

/**
 * Loads a model on the engine that was asked for, or on the better one: webgpu, where there is a GPU that gives the
 * probabilities of wasm for one tile, and sooner; otherwise wasm, with the reason.
 *
 * @throws Error when webgpu was asked for, and cannot run here or gives other probabilities
 */
export async function loadOnEngine(
  files: ModelFiles,
  { engine: wanted, threads }: EngineSettings,
  engines: Engines,
): Promise<ModelOnEngine> {
  const wasm = await engines.wasm(threads);
  const onWasm = await loadModelFiles(files);
  if (wanted === 'wasm') return { ...onWasm, engine: wasm };
  const trial = await tryWebGpu(files, onWasm, wanted === 'webgpu', engines);
  if (typeof trial !== 'string') {
    onWasm.model.dispose();
    return trial;
  }
  await engines.wasm(threads);
  if (wanted !== 'webgpu') return { ...onWasm, engine: wasm, note: `WebGPU is not used: ${trial}.` };
  onWasm.model.dispose();
  throw new Error(`The address of the page asks for WebGPU, which cannot be used: ${trial}.`);
}

/** @param isWanted whether it is used even where it is slow @returns the reason, where it is not to be used */
async function tryWebGpu(
  files: ModelFiles,
  onWasm: LoadedModel,
  isWanted: boolean,
  { webgpu, findWebGpu }: Engines,
): Promise<ModelOnEngine | string> {
  const gpu = await findWebGpu();
  if (!gpu) return 'this browser offers no GPU';
  if (gpu.isSoftware && !isWanted) return `${gpu.device} is a program in the place of a GPU, slower than wasm`;
  const expected = await runTile(onWasm);
  let loaded: LoadedModel | undefined;
  try {
    const engine = await webgpu();
    loaded = await loadModelFiles(files);
    const found = await runTile(loaded);
    const difference = found.values.reduce(
      (most, value, at) => Math.max(most, Math.abs(value - expected.values[at]!)),
      0,
    );
    // Not `>`: NaN is no probability either.
    if (!(difference <= largestDifference)) throw new Error(`its probabilities differ by ${difference.toPrecision(2)}`);
    if (!isWanted && found.seconds > expected.seconds) throw new Error('it is slower than wasm with this model');
    return { ...loaded, engine };
  } catch (error) {
    loaded?.model.dispose();
    return (error as Error).message.replace(/\.$/, '');
  }
}

/** Runs a model on one tile that looks like no scan, twice: the first time, an engine prepares itself. */
async function runTile({ model }: LoadedModel): Promise<{ values: Float32Array; seconds: number }> {
  const [, height, width, channels] = model.inputs[0]!.shape as [null, number, number, number];
  const tile = Float32Array.from({ length: height * width * channels }, (_, at) => 0.5 + 0.5 * Math.sin(at ** 1.5));
  let values = new Float32Array();
  let started = 0;
  for (let run = 0; run < 2; run++) {
    started = performance.now();
    const output = tf.tidy(() => model.apply(tf.tensor(tile, [1, height, width, channels])) as tf.Tensor);
    values = (await output.data()) as Float32Array<ArrayBuffer>;
    output.dispose();
  }
  return { values, seconds: (performance.now() - started) / 1000 };
}
