import { defaultPatience } from '../loop/fit-options.ts';
import { defaultSchedule, type ScheduleName } from '../loop/schedules.ts';
import { optimizerDefaults, type OptimizerName } from '../optimizer/create-optimizer.ts';

/** The options whose defaults depend on others: on `optimizer` or `schedule`. */
export interface DependentOptions {
  learningRate?: number;
  momentum?: number;
  weightDecay?: number;
  learningRateDecay?: number;
  decayEvery?: number;
  patience?: number;
}

/** The options that decide the defaults of others. */
export interface DecidingOptions {
  optimizer?: OptimizerName;
  schedule?: ScheduleName;
}

/** The defaults that an optimiser and a schedule bring; `undefined` for what does not go with them. */
export function dependentDefaults({ optimizer = 'adam', schedule = 'step' }: DecidingOptions): DependentOptions {
  const { learningRateDecay, decayEvery } = defaultSchedule;
  return {
    ...optimizerDefaults[optimizer],
    ...(schedule === 'step' && { learningRateDecay, decayEvery }),
    patience: defaultPatience(schedule),
  };
}

/**
 * Settings with others in place of some of them. Where those choose another optimiser or schedule, what has its default
 * takes the new one's default, as what suits Adam does not suit SGD, and what does not go with it is left out.
 */
export function overrideOptions<Options extends DependentOptions & DecidingOptions>(
  options: Options,
  changes: Partial<Options>,
): Options {
  const merged = { ...options, ...changes };
  const [before, after] = [dependentDefaults(options), dependentDefaults(merged)];
  const names = Object.keys({ ...before, ...after }) as (keyof DependentOptions)[];
  for (const name of names) {
    if (changes[name] !== undefined) continue;
    if (after[name] === undefined) {
      delete merged[name];
    } else if (before[name] !== after[name] && options[name] === before[name]) {
      Object.assign(merged, { [name]: after[name] });
    }
  }
  return merged;
}
