import { createRequire } from 'node:module';
import { join } from 'node:path';
import { OptionError } from '@interseg/errors';
import type { OnnxRuntime } from './onnx-runtime.ts';

/** A runtime that was found and loaded. */
export interface FoundRuntime {
  readonly name: 'onnxruntime-node' | 'onnxruntime-web';
  readonly version: string;
  readonly runtime: OnnxRuntime;
  /** Options of `InferenceSession.create` for this runtime. */
  readonly session: object;
}

/** Options of {@link findOnnxRuntime}. */
export interface FindRuntimeOptions {
  /** Defaults to what the runtime chooses: with `onnxruntime-node` the number of cores. */
  threads?: number;
  /** The one to load, where not the first that is there. */
  only?: FoundRuntime['name'];
}

interface Loaded extends OnnxRuntime {
  readonly env: { readonly versions: Record<string, string | undefined>; readonly wasm: { numThreads?: number } };
}

/** The command that installs the runtime. */
export const installOnnxRuntime = 'npm install onnxruntime-node';

/**
 * Loads onnxruntime, which InterSeg never installs by itself: `onnxruntime-node`, or else `onnxruntime-web`, which is slower and
 * runs everywhere. It is looked for from this package and from the working directory. Node only.
 *
 * Since version 1.29, `onnxruntime-node` reports its use to its maker unless told otherwise. It is told otherwise here, which
 * only works before it is loaded for the first time, and not from a worker thread.
 *
 * @throws OptionError when none is installed, or none loads
 */
export function findOnnxRuntime({ threads, only }: FindRuntimeOptions = {}): FoundRuntime {
  process.env['ORT_DISABLE_TELEMETRY'] = '1';
  const failures: string[] = [];
  for (const name of only ? [only] : (['onnxruntime-node', 'onnxruntime-web'] as const)) {
    const require = findRequire(name);
    if (!require) continue;
    try {
      const runtime = require(name) as Loaded;
      if (name === 'onnxruntime-node') {
        const session = {
          executionProviders: ['cpu'],
          // Threads wait for work. By themselves they look for it in a loop, which other programs on the machine would slow down.
          extra: { session: { intra_op: { allow_spinning: '0' } } },
          ...(threads !== undefined && { intraOpNumThreads: threads }),
        };
        return { name, version: runtime.env.versions['node'] ?? 'unknown', runtime, session };
      }
      if (threads !== undefined) runtime.env.wasm.numThreads = threads;
      const version = runtime.env.versions['web'] ?? 'unknown';
      return { name, version, runtime, session: { executionProviders: ['wasm'] } };
    } catch (error) {
      failures.push(`${name} does not load (${(error as Error).message.split('\n')[0]})`);
    }
  }
  throw new OptionError(
    failures.length > 0
      ? `A model of ONNX needs onnxruntime: found that ${failures.join(' and ')}, expected one that runs here.`
      : `A model of ONNX needs onnxruntime: found none, expected it to be installed with '${installOnnxRuntime}'.`,
  );
}

/** A `require` that sees the package: from here, or from the working directory. */
function findRequire(name: string): NodeJS.Require | undefined {
  for (const place of [import.meta.url, join(process.cwd(), 'package.json')]) {
    const require = createRequire(place);
    try {
      require.resolve(name);
      return require;
    } catch {
      // Not seen from there.
    }
  }
  return undefined;
}
