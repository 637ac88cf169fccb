import { execFile } from 'node:child_process';
import { appendFile, mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { generatePhantoms } from '@interseg/data';
import { useEngine } from '@interseg/runtime';
import { resume, runConfiguration, runFolder, train, type EpochRecord } from '@interseg/training';
import { expect, it } from 'vitest';

const python = process.env['INTERSEG_PYTHON'] ?? '';
const required = process.env['INTERSEG_REQUIRE_PYTHON'] === '1';

/** Reads a folder as TensorBoard does, and checks the checksum of every record. */
const script = `
import json, sys, glob
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.backend.event_processing.event_file_loader import LegacyEventFileLoader
records = sum(1 for path in sorted(glob.glob(sys.argv[1] + '/*'))[1:] for _ in LegacyEventFileLoader(path).Load())
events = EventAccumulator(sys.argv[1])
events.Reload()
tags = events.Tags()
series = {tag: [[e.step, e.value] for e in events.Scalars(tag)] for tag in tags['scalars']}
series.update({tag: [[e.step, float(e.tensor_proto.float_val[0])] for e in events.Tensors(tag)] for tag in tags['tensors']})
print(json.dumps({'records': records, 'series': series}))
`;

it.skipIf(python === '' && !required)(
  'TensorBoard shows the epochs of a run, and none twice after a resume',
  async () => {
    const { name } = await useEngine('wasm', { threads: 1 });
    const folder = await mkdtemp(join(tmpdir(), 'interseg-tensorboard-'));
    const phantoms = { patients: 3, shape: [16, 16, 4], spacing: [8, 8, 12], seed: 1 } as const;
    const data = join(folder, 'data');
    await generatePhantoms(data, { ...phantoms, shape: [...phantoms.shape], spacing: [...phantoms.spacing] });
    const run = runFolder(join(folder, 'run'));
    const configuration = runConfiguration.parse({ data, size: 16, filters: [2, 4], epochs: 3, batch: 2, clipNorm: 5 });
    await train(configuration, run.root, { engine: name });
    // What a killed process leaves: a record that is cut off, behind those of epochs that no checkpoint has.
    const [first] = await readdir(run.tensorBoard);
    await appendFile(join(run.tensorBoard, first!), Buffer.from([9, 0, 0]));
    const { history } = await resume(run.root, { engine: name }, { epochs: 5 });
    const { stdout } = await promisify(execFile)(python, ['-c', script, run.tensorBoard], { maxBuffer: 2 ** 24 });
    const { series, records } = JSON.parse(stdout) as { series: Record<string, [number, number][]>; records: number };
    // The version, the begin of the session and two epochs.
    expect(records).toBe(4);
    const seen: [string, keyof EpochRecord][] = [
      ['loss/train', 'trainLoss'],
      ['loss/image', 'lossImage'],
      ['loss/mask', 'lossMask'],
      ['loss/intermediate', 'lossIntermediate'],
      ['loss/reconstruction', 'lossReconstruction'],
      ['loss/validation', 'valLoss'],
      ['dice/validation', 'valDice'],
      ['learning_rate', 'learningRate'],
      ['gradient_norm', 'gradientNorm'],
    ];
    for (const [tag, field] of seen) {
      expect(series[tag], tag).toEqual(history.map((record) => [record.step, Math.fround(record[field] as number)]));
    }
    expect(series["features/y'_0"]).toHaveLength(5);
  },
);
