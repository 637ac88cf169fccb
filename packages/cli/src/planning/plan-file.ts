import type { Plan } from '@interseg/training';
import { fingerprintLines } from './fingerprint-lines.ts';

/** How a plan is written: as YAML, or as JSON with comments. */
export type PlanFormat = 'yaml' | 'jsonc';

/**
 * A plan as a configuration file for `--config`: what was given, then each planned option under its reason. What the data are
 * like stands in comments at the top.
 *
 * @param given the options that were given, without defaults
 */
export function planFile(plan: Plan, given: Readonly<Record<string, unknown>>, format: PlanFormat): string {
  const entries = [
    ...Object.entries(given).map(([option, value], index) => ({
      option,
      value,
      comment: index === 0 ? 'Given.' : undefined,
    })),
    ...plan.options.map(({ option, value, reason }) => ({ option, value, comment: sentence(reason) })),
  ];
  const heading = fingerprintLines(plan.fingerprint);
  if (format === 'yaml') {
    const lines = entries.map(
      ({ option, value, comment }) => `${comments('# ', [comment])}${option}: ${literal(value)}\n`,
    );
    return `${comments('# ', heading)}\n${lines.join('')}`;
  }
  const lines = entries.map(({ option, value, comment }, index) => {
    const comma = index < entries.length - 1 ? ',' : '';
    return `${comments('  // ', [comment])}  ${JSON.stringify(option)}: ${literal(value)}${comma}\n`;
  });
  return `${comments('// ', heading)}{\n${lines.join('')}}\n`;
}

function comments(start: string, lines: readonly (string | undefined)[]): string {
  return lines.map((line) => (line === undefined ? '' : `${start}${line}\n`)).join('');
}

function sentence(reason: string): string {
  return `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`;
}

/** A value as JSON, of which YAML takes all; lists with a space after each comma. */
function literal(value: unknown): string {
  return Array.isArray(value) ? `[${value.map(literal).join(', ')}]` : JSON.stringify(value);
}
