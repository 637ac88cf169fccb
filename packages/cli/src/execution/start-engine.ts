import { EngineError, useEngine, type Engine, type EngineName } from '@interseg/runtime';
import { UsageError } from '../errors/usage-error.ts';
import { note, type Context } from '../terminal/context.ts';

/**
 * Starts an engine and says which one.
 *
 * @throws UsageError when the requested engine cannot run here. An engine that fails later is a failure, not bad input
 */
export async function startEngine(
  context: Context,
  { engine: name = 'auto', threads }: { engine?: 'auto' | EngineName; threads?: number },
): Promise<Engine> {
  const engine = await useEngine(name, { threads }).catch((error: unknown) => {
    if (error instanceof EngineError) throw new UsageError(error.message, { cause: error });
    throw error;
  });
  note(context, `engine: ${engine.description}${name === 'auto' ? ', chosen automatically' : ''}`);
  return engine;
}
