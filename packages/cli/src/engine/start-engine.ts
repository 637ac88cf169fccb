import { useEngine, type Engine, type EngineName } from '@interseg/runtime';
import { note, type Context } from '../terminal/context.ts';

/**
 * Starts an engine and says which one it is.
 *
 * @throws EngineError when the engine asked for cannot run here
 */
export async function startEngine(
  context: Context,
  { engine: name = 'auto', threads }: { engine?: 'auto' | EngineName; threads?: number },
): Promise<Engine> {
  const engine = await useEngine(name, { threads });
  note(context, `engine: ${engine.description}${name === 'auto' ? ', chosen by auto' : ''}`);
  return engine;
}
