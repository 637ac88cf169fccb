import { env } from '@tensorflow/tfjs-core';
import { OptionError } from '@interseg/errors';
import { EngineError } from './engine-error.ts';
import { cpu } from './engines/cpu.ts';
import type { Driver } from './engines/driver.ts';
import { native } from './engines/native.ts';
import { wasm } from './engines/wasm.ts';
import { webgpu } from './engines/webgpu.ts';
import { ensureGradients } from './gradients.ts';
import type { Engine, EngineName, EngineOptions, EngineStatus } from './types.ts';

/** Thousands of threads end the process before it can report an error. */
const mostThreads = 256;

const precisions: readonly unknown[] = ['float32', 'bf16', 'auto'];

/** Best first. */
const drivers: readonly Driver[] = [native, webgpu, wasm, cpu];

/**
 * Reports on all engines, best first: which can run here, and why the others cannot. It starts none, but loads an
 * installed `@tensorflow/tfjs-node`, as nothing else shows whether that works.
 */
export async function engines(): Promise<EngineStatus[]> {
  beQuiet();
  return Promise.all(drivers.map((driver) => driver.status()));
}

/**
 * Makes an engine the current backend of TensorFlow.js, completed with what training needs. It can be called again,
 * with the same engine or another.
 *
 * @param name `'auto'` takes the best engine that works; where that is `cpu`, its description says why
 * @throws EngineError when the engine cannot run here, or not with this precision; an engine asked for by name is never
 * replaced by another
 * @throws OptionError when the name is unknown, or `threads` is not a whole number from 1 to 256, or
 * `precision` is unknown
 */
export async function useEngine(name: 'auto' | EngineName, options: EngineOptions = {}): Promise<Engine> {
  const { threads, precision } = options;
  if (threads !== undefined && !(Number.isInteger(threads) && threads >= 1 && threads <= mostThreads)) {
    throw new OptionError(`threads is ${threads}, expected a whole number from 1 to ${mostThreads}.`);
  }
  if (precision !== undefined && !precisions.includes(precision)) {
    throw new OptionError(`precision is ${JSON.stringify(precision)}, expected ${precisions.join(', ')}.`);
  }
  beQuiet();
  ensureGradients();
  // No other engine computes in bf16, so that none may take its place.
  if (name === 'auto') return precision === 'bf16' ? native.start(options, true) : best(options);
  const driver = drivers.find((candidate) => candidate.name === name);
  if (driver === undefined) {
    const names = drivers.map((candidate) => candidate.name).join(', ');
    throw new OptionError(`The engine is ${JSON.stringify(name)}, expected auto or one of ${names}.`);
  }
  if (precision === 'bf16' && driver !== native) {
    throw new EngineError(driver.name, `${name} engine: it computes in float32; for bf16 use native.`);
  }
  return driver.start(options, true);
}

async function best(options: EngineOptions): Promise<Engine> {
  const reasons: string[] = [];
  for (const driver of drivers) {
    try {
      const engine = await driver.start(options, false);
      if (engine.name !== 'cpu') return engine;
      return { ...engine, description: `${engine.description}; nothing else works: ${reasons.join(' ')}` };
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      reasons.push(error.message);
    }
  }
  throw new EngineError('cpu', `No engine works: ${reasons.join(' ')}`);
}

/** Stops TensorFlow.js from advertising tfjs-node on the terminal. */
function beQuiet(): void {
  env().set('PROD', true);
}
