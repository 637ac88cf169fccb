import { recipe } from '@interseg/training';
import type { Command } from 'commander';
import { parseNumber } from './parse-number.ts';

/** What a planned run may take. */
export interface PlanLimits {
  /** GiB. */
  memory?: number;
  minutes?: number;
}

const parsePositive = parseNumber((value) => value > 0 && value < Infinity, 'a number above 0');

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
