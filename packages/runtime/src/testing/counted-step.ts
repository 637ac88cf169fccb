import type { NamedTensorMap, Tensor } from '@tensorflow/tfjs-core';
import { compileStep } from '../compile/compile-step.ts';
import type { CompileOptions } from '../compile/replayed-step.ts';

/** A step that counts how often it is itself called. */
export function counted<I extends NamedTensorMap, O extends Record<string, Tensor>>(
  step: (inputs: I) => O,
  options: Omit<CompileOptions, 'onFallback'> = {},
) {
  const seen = { calls: 0, reasons: [] as string[] };
  const compiled = compileStep(
    (inputs: I) => {
      seen.calls++;
      return step(inputs);
    },
    { ...options, onFallback: (reason) => seen.reasons.push(reason) },
  );
  return { compiled, seen };
}
