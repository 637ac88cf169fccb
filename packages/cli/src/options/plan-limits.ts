import { recipe } from '@interseg/training';
import { InvalidArgumentError, type Command } from 'commander';

/** What a planned run may take. */
export interface PlanLimits {
  /** GiB. */
  memory?: number;
  minutes?: number;
}

/** Gives a command the flags that limit a plan. */
export function addPlanLimits(command: Command, condition = ''): Command {
  return command
    .option('--memory <GiB>', `${condition}GiB that training may take (default: ${recipe.memory})`, parsePositive)
    .option(
      '--minutes <number>',
      `${condition}minutes that training should take; a few steps are timed to choose the epochs`,
      parsePositive,
    );
}

function parsePositive(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value > 0 && value < Infinity) return value;
  throw new InvalidArgumentError('Expected a number above 0.');
}
