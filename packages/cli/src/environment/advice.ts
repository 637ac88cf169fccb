import { installOnnxRuntime } from '@interseg/onnx';
import type { EngineStatus, NativeStatus } from '@interseg/runtime';

/** A way to train or predict faster on this machine. */
export interface Advice {
  /** One or two sentences. */
  readonly what: string;
  /** The command that does it, where there is one. */
  readonly command?: string;
}

/** What advice is based on. */
export interface Findings {
  readonly engines: readonly EngineStatus[];
  readonly native: NativeStatus;
  readonly nvidia: readonly string[];
  /** The runtime for ONNX that is installed, if any. */
  readonly onnx?: string;
  /** Operating system and processor architecture, such as `linux x64`. */
  readonly platform: string;
  readonly freeMemoryBytes: number;
}

/** With less, a training step of the usual size does not fit. */
const littleMemory = 2 * 2 ** 30;

/** What would make training or prediction faster on this machine, most effective first; empty when nothing would. */
export function adviceFor({ engines, native, nvidia, onnx, platform, freeMemoryBytes }: Findings): Advice[] {
  const advice: Advice[] = [];
  const status = (name: string): EngineStatus | undefined => engines.find((engine) => engine.name === name);
  const canUseCuda = nvidia.length > 0 && platform === 'linux x64';
  const hasNative = status('native')?.available === true;
  if (canUseCuda && !native.builds.some(({ cuda }) => cuda)) {
    advice.push({
      what: 'No installed engine uses the NVIDIA GPU. Install the native engine for CUDA; it needs CUDA 12 and cuDNN 9.',
      command: 'interseg engine install --cuda',
    });
  }
  if (!hasNative && native.missing.length === 0) {
    advice.push({
      what: 'Install the native engine: it trains about three times as fast as wasm.',
      command: 'interseg engine install',
    });
  }
  if (!hasNative) for (const sentence of native.missing) advice.push({ what: `For the native engine: ${sentence}` });
  if (!hasNative && onnx !== 'onnxruntime-node') {
    advice.push({
      what: 'To predict without the native engine, export models with --format onnx and install onnxruntime-node: it takes less time than wasm.',
      command: installOnnxRuntime,
    });
  }
  const install = status('webgpu')?.command;
  if (install !== undefined) {
    advice.push({
      what: 'Install the webgpu engine if there is a GPU of any maker: it may be the fastest.',
      command: install,
    });
  }
  if (freeMemoryBytes < littleMemory) {
    const gibibytes = (freeMemoryBytes / 2 ** 30).toFixed(1);
    advice.push({
      what: `Only ${gibibytes} GiB of memory is free: close other programs, or train with a smaller --batch.`,
    });
  }
  return advice;
}
