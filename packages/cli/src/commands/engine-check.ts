import { checkEngine, type EngineName } from '@interseg/runtime';
import { runOptionsSchema } from '@interseg/training';
import { Argument, type Command } from 'commander';
import { exitStatus } from '../errors/exit-status.ts';
import { startEngine } from '../execution/start-engine.ts';
import { printResult, type Context } from '../terminal/context.ts';
import { addOutputOptions, createCommand } from './common-options.ts';

const names = runOptionsSchema.shape.engine.unwrap().options;

/** `interseg engine check` */
export function engineCheckCommand(context: Context): Command {
  const command = createCommand('check', ['engine check', 'engine check wasm --json']).addArgument(
    new Argument('[engine]', 'engine to check').choices(names).default('auto'),
  );
  return addOutputOptions(command).action(async (name: 'auto' | EngineName, { json }: { json?: boolean }) => {
    await startEngine(context, { engine: name });
    const check = await checkEngine(name);
    if (!check.passed) context.status = exitStatus.failed;
    printResult(context, json, check, () => {
      const lines = check.computations.map(
        ({ name: what, passed, message }) => `${passed ? 'right' : 'WRONG'}  ${what}${message ? `: ${message}` : ''}`,
      );
      const speed = `${check.gigaflops.toFixed(1)} · 10⁹ multiplications and additions per second, started in ${check.startMilliseconds.toFixed(0)} ms`;
      return [check.engine.description, ...lines, speed].join('\n') + '\n';
    });
  });
}
