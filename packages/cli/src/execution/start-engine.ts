import { EngineError, useEngine, type Engine, type EngineName, type EngineOptions } from '@interseg/runtime';
import { UsageError } from '../errors/usage-error.ts';
import { note, type Context } from '../terminal/context.ts';

/** The engine that was asked for, and how it is to compute. */
export interface EngineSettings extends EngineOptions {
  engine?: 'auto' | EngineName;
}

/**
 * Starts an engine and says which one.
 *
 * @throws UsageError when the requested engine cannot run here. An engine that fails later is a failure, not bad input
 */
export async function startEngine(
  context: Context,
  { engine: name = 'auto', threads, precision }: EngineSettings,
): Promise<Engine> {
  const engine = await useEngine(name, { threads, precision }).catch((error: unknown) => {
    if (error instanceof EngineError) throw new UsageError(error.message, { cause: error });
    throw error;
  });
  note(context, `engine: ${engine.description}${name === 'auto' ? ', chosen automatically' : ''}`);
  return engine;
}
