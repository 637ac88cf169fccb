import type { EngineStatus, NativeStatus } from '@interseg/runtime';

/** Something that would be better on this machine. */
export interface Advice {
  /** What, in a sentence. */
  readonly what: string;
  /** The command for it, where there is one. */
  readonly command?: string;
}

/** What is known when advice is given. */
export interface Findings {
  readonly engines: readonly EngineStatus[];
  readonly native: NativeStatus;
  readonly nvidia: readonly string[];
  /** Such as `linux x64`. */
  readonly platform: string;
  readonly freeMemoryBytes: number;
}

/** Below this a training step of usual size does not fit. */
const littleMemory = 2 * 2 ** 30;

/** What would make training faster here, the best first; nothing where nothing would. */
export function adviceFor({ engines, native, nvidia, platform, freeMemoryBytes }: Findings): Advice[] {
  const advice: Advice[] = [];
  const status = (name: string): EngineStatus | undefined => engines.find((engine) => engine.name === name);
  const withCuda = nvidia.length > 0 && platform === 'linux x64';
  const hasNative = status('native')?.available === true;
  if (withCuda && !native.builds.some(({ cuda }) => cuda)) {
    advice.push({
      what: 'There is an NVIDIA GPU and no native engine that uses it; it needs CUDA 12 and cuDNN 9.',
      command: 'interseg engine install --cuda',
    });
  }
  if (!hasNative && native.missing.length === 0) {
    advice.push({
      what: 'The native engine trains some three times as fast as wasm.',
      command: 'interseg engine install',
    });
  }
  if (!hasNative) for (const sentence of native.missing) advice.push({ what: `For the native engine: ${sentence}` });
  const install = status('webgpu')?.command;
  if (install !== undefined) {
    advice.push({
      what: 'With a GPU of any maker, the engine webgpu may be faster than all others.',
      command: install,
    });
  }
  if (freeMemoryBytes < littleMemory) {
    const gibibytes = (freeMemoryBytes / 2 ** 30).toFixed(1);
    advice.push({
      what: `Only ${gibibytes} GiB of memory are free: end other programs, or train with a small --batch.`,
    });
  }
  return advice;
}
