import { EngineError, useEngine, type Engine, type EngineName } from '@interseg/runtime';
import { UsageError } from '../errors/usage-error.ts';
import { note, type Context } from '../terminal/context.ts';

/**
 * Starts an engine and says which one it is.
 *
 * @throws UsageError when the engine asked for cannot run here; one that fails later is a failure of the work
 */
export async function startEngine(
  context: Context,
  { engine: name = 'auto', threads }: { engine?: 'auto' | EngineName; threads?: number },
): Promise<Engine> {
  const engine = await useEngine(name, { threads }).catch((error: unknown) => {
    if (error instanceof EngineError) throw new UsageError(error.message, { cause: error });
    throw error;
  });
  note(context, `engine: ${engine.description}${name === 'auto' ? ', chosen by auto' : ''}`);
  return engine;
}
