import { findOnnxRuntime } from '@interseg/onnx';
import { engines, nativeStatus, type EngineStatus, type NativeStatus } from '@interseg/runtime';
import type { Command } from 'commander';
import { adviceFor, type Advice } from '../environment/advice.ts';
import { packageVersions } from '../environment/environment.ts';
import { examineMachine, type Machine } from '../environment/machine.ts';
import { exitStatus } from '../errors/exit-status.ts';
import { printResult, type Context } from '../terminal/context.ts';
import { addOutputOptions, createCommand } from './common-options.ts';

interface Diagnosis {
  machine: Machine;
  /** Programs needed to build the native engine, as far as they were found. */
  tools: NativeStatus['tools'];
  engines: EngineStatus[];
  /** The engine that `--engine auto` chooses. */
  auto?: string;
  /** The runtime for ONNX that `predict` uses, with its version. */
  onnx?: { name: string; version: string };
  versions: Record<string, string>;
  advice: Advice[];
}

/** `interseg doctor` */
export function doctorCommand(context: Context): Command {
  const command = createCommand('doctor', ['doctor', 'doctor --json']);
  return addOutputOptions(command).action(async ({ json }: { json?: boolean }) => {
    const native = await nativeStatus();
    const machine = await examineMachine(native.folder);
    const all = await engines();
    const onnx = describeOnnxRuntime();
    const diagnosis: Diagnosis = {
      machine,
      tools: native.tools,
      engines: all,
      auto: all.find((one) => one.available && one.training && one.byNameOnly === undefined)?.name,
      ...(onnx && { onnx }),
      versions: packageVersions(),
      advice: adviceFor({
        ...machine,
        engines: all,
        native,
        onnx: onnx?.name,
        platform: `${process.platform} ${process.arch}`,
      }),
    };
    if (diagnosis.auto === undefined) context.status = exitStatus.failed;
    printResult(context, json, diagnosis, () => formatDiagnosis(diagnosis));
  });
}

function describeOnnxRuntime(): Diagnosis['onnx'] {
  try {
    const { name, version } = findOnnxRuntime();
    return { name, version };
  } catch {
    return undefined;
  }
}

function formatDiagnosis({ machine, tools, engines: all, auto, onnx, versions, advice }: Diagnosis): string {
  const gibibytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
  const { freeDiskBytes } = machine;
  const facts = [
    ['interseg', versions['@interseg/cli'] ?? 'unknown'],
    ['TensorFlow.js', versions['@tensorflow/tfjs-core'] ?? 'unknown'],
    ['Node', `${machine.node}, ${machine.platform}`],
    ['processor', `${machine.cpu}, ${machine.cores} ${machine.cores === 1 ? 'thread' : 'threads'}`],
    ['memory', `${gibibytes(machine.memoryBytes)}, ${gibibytes(machine.freeMemoryBytes)} free`],
    ['disk', freeDiskBytes === undefined ? 'unknown' : `${gibibytes(freeDiskBytes)} free where engines are kept`],
    ['NVIDIA GPUs', machine.nvidia.join('; ') || 'none'],
    ['onnxruntime', onnx ? `${onnx.name} ${onnx.version}` : 'none'],
    ['build tools', Object.values(tools).join(', ') || 'nothing'],
  ] as const;
  const engineLines = all.map(({ name, available, description, reason, byNameOnly }) => {
    const mark = name === auto ? '*' : ' ';
    return `${mark} ${name.padEnd(7)} ${available ? (byNameOnly === undefined ? 'yes    ' : 'by name') : 'no     '} ${(available ? description : reason) ?? ''}`;
  });
  const adviceLines = advice.map(({ what, command }) => `- ${what}${command === undefined ? '' : `\n    ${command}`}`);
  return [
    ...facts.map(([what, text]) => `${what.padEnd(13)} ${text}`),
    '',
    'Engines (* is chosen by auto):',
    ...engineLines,
    '',
    advice.length === 0 ? 'This machine is set up as well as it can be.' : 'Advice:',
    ...adviceLines,
    '',
  ].join('\n');
}
