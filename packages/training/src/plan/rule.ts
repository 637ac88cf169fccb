import type { RunConfiguration, RunConfigurationInput } from '../configuration/run-configuration.ts';
import type { Fingerprint } from './fingerprint/fingerprint.ts';

/** The name of an option of a run. */
export type OptionName = keyof RunConfigurationInput;

/** What a plan is made from. */
export interface PlanFacts {
  readonly fingerprint: Fingerprint;
  /** The number of cases for training and validation that the fingerprint is of. */
  readonly parts: { readonly train: number; readonly validation: number };
  /** GiB that training may take. */
  readonly memory: number;
  /** Minutes that training should take; undefined for as long as it needs. */
  readonly minutes?: number;
  /** Measures the seconds of one step of training and one of prediction, each of a batch, of a network that is planned. */
  readonly timeStep: (configuration: RunConfiguration) => Promise<StepSeconds>;
}

/** How long a batch takes, in seconds. */
export interface StepSeconds {
  readonly training: number;
  readonly prediction: number;
}

/** What is known when a rule decides. */
export interface Chosen {
  /** What the user gave and earlier rules chose; the other options have their defaults. */
  readonly configuration: RunConfiguration;
  /** Whether the user gave an option. */
  readonly isGiven: (option: OptionName) => boolean;
}

/** A value of an option and why. */
export interface Decision<Value> {
  readonly value: Value;
  /** One sentence without its full stop. */
  readonly reason: string;
}

/** Decides one option of a run by what the data are like. */
export interface Rule {
  readonly option: OptionName;
  /** Returns `undefined` where the default suits the data. */
  readonly decide: (
    facts: PlanFacts,
    chosen: Chosen,
  ) => Decision<unknown> | undefined | Promise<Decision<unknown> | undefined>;
}

/** Makes a rule whose value is one that the option takes. */
export function rule<Option extends OptionName>(
  option: Option,
  decide: (
    facts: PlanFacts,
    chosen: Chosen,
  ) =>
    | Decision<NonNullable<RunConfigurationInput[Option]>>
    | undefined
    | Promise<Decision<NonNullable<RunConfigurationInput[Option]>> | undefined>,
): Rule {
  return { option, decide };
}
