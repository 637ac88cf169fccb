import type { CompilePass } from '@interseg/inference';
import { compileStep } from '@interseg/runtime';
import { note, type Context } from '../terminal/context.ts';

/**
 * Replays passes as graphs where the engine can. Weights are part of them, so few are kept: those of whole batches, and
 * of the last batch of a volume.
 */
export function passCompiler(context: Context): CompilePass {
  // Graphs that were dropped are recorded again, with the same refusal.
  const told = new Set<string>();
  const onFallback = (reason: string): void => {
    if (!told.has(reason)) note(context, reason);
    told.add(reason);
  };
  return (pass) => compileStep(pass, { freeze: true, maxGraphs: 2, onFallback });
}
