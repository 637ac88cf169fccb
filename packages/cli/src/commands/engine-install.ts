import { installNative, nativeStatus, removeNative, type InstallProgress } from '@interseg/runtime';
import type { Command } from 'commander';
import { note, printResult, type Context } from '../terminal/context.ts';
import { addOutputOptions, createCommand } from './common-options.ts';

interface InstallFlags {
  cuda?: boolean;
  wheel?: string;
  tensorflow?: string;
  tarballs?: string;
  python?: string;
  remove?: boolean;
  json?: boolean;
}

/** `interseg engine install` */
export function engineInstallCommand(context: Context): Command {
  const command = createCommand('install', [
    'engine install',
    'engine install --cuda',
    'engine install --wheel tensorflow_cpu.whl',
    'engine install --tensorflow .venv',
    'engine install --remove',
  ]);
  command
    .option('--cuda', 'use TensorFlow for NVIDIA GPUs (Linux x64)')
    .option('--wheel <file>', 'use a TensorFlow wheel downloaded beforehand')
    .option('--tensorflow <folder>', 'copy TensorFlow from a Python environment or package folder')
    .option('--tarballs <folder>', 'folder with the required npm packages, named as by npm pack')
    .option('--python <program>', 'Python whose pip downloads the wheel where InterSeg cannot')
    .option('--remove', 'remove every build of the native engine');
  addOutputOptions(command);
  return command.action(async ({ remove, json, ...options }: InstallFlags) => {
    if (remove) {
      const { builds } = await nativeStatus();
      const bytes = await removeNative();
      const removed = builds.map(({ folder }) => folder);
      printResult(context, json, { removed, bytes }, () => `${builds.length} removed, ${mebibytes(bytes)} MiB freed\n`);
      return;
    }
    let shown = '';
    const onProgress = (progress: InstallProgress): void => {
      const line = describe(progress);
      if (line !== shown) note(context, line);
      shown = line;
    };
    const build = await installNative({ ...options, onProgress });
    const text = `native engine: TensorFlow ${build.tensorflow}, ${mebibytes(build.bytes)} MiB in ${build.folder}\n`;
    printResult(context, json, build, () => text);
  });
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0);
}

/** Describes progress, rounded to tenths of a download so that not every packet prints a line. */
function describe({ step, message, bytes, totalBytes }: InstallProgress): string {
  if (bytes === undefined || !totalBytes) return `${step}: ${message}`;
  const tenths = Math.min(10, Math.floor((10 * bytes) / totalBytes));
  return `${step}: ${message}, ${10 * tenths} % of ${mebibytes(totalBytes)} MiB`;
}
