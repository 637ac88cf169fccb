import type { EpochRecord } from '../loop/history.ts';
import type { RunFolder } from '../run/run-folder.ts';
import type { RunHooks } from '../run/run-hooks.ts';
import { epochScalars } from './epoch-scalars.ts';
import { RunLog } from './run-log.ts';
import { EventFile } from './tensorboard/event-file.ts';

/** Runs `work` with hooks that also write `log.txt`, up to how the work ended. */
export async function recordRun<T extends { stopped: string }>(
  folder: RunFolder,
  hooks: RunHooks,
  work: (hooks: RunHooks) => Promise<T>,
): Promise<T> {
  const log = new RunLog(folder.log);
  log.line(`process ${process.pid} works on ${folder.root} with ${hooks.engine}`);
  try {
    const result = await work({
      ...hooks,
      onStage: (message) => {
        log.line(message);
        hooks.onStage?.(message);
      },
      onNote: (message) => {
        log.line(`note: ${message}`);
        hooks.onNote?.(message);
      },
      onEpoch: (record, isBest) => {
        log.epoch(record, isBest);
        hooks.onEpoch?.(record, isBest);
      },
    });
    log.line(`ended: ${result.stopped}`);
    return result;
  } catch (error) {
    try {
      log.line(`ended: ${error instanceof Error ? error.message : String(error)}`);
    } catch {
      // A full disk has no room for the reason, either; it is thrown below.
    }
    throw error;
  }
}

/**
 * Opens a file for TensorBoard.
 *
 * @param step the last step that counts: TensorBoard ignores what earlier files of the run say beyond it
 * @returns writes the numbers of an epoch
 */
export async function recordEpochs(folder: RunFolder, step: number): Promise<(record: EpochRecord) => void> {
  const file = await EventFile.open(folder.tensorBoard, step);
  return (record) => file.scalars(record.step, epochScalars(record));
}
