import { appendFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { fileError, makeFolder } from '@interseg/files';
import { encodeEvent, frame, type TensorBoardEvent } from './event.ts';

/** An event file in a folder that TensorBoard reads. Each process that works on a run writes a file of its own. */
export class EventFile {
  private readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /**
   * @param step the last step that counts: TensorBoard ignores what earlier files of the folder say beyond it
   * @throws DataError when the folder cannot be written to
   */
  static async open(folder: string, step: number): Promise<EventFile> {
    await makeFolder(folder);
    const wallTime = Date.now() / 1000;
    // TensorBoard reads the files of a folder in the order of their names; the process id makes the name unique.
    const time = String(Math.floor(wallTime)).padStart(10, '0');
    const order = String(Math.floor((wallTime % 1) * 1000)).padStart(3, '0');
    const file = new EventFile(join(folder, `events.out.tfevents.${time}.${order}.${hostname()}.${process.pid}`));
    file.append({ wallTime, fileVersion: 'brain.Event:2' });
    if (step > 0) file.append({ wallTime, step: step + 1, sessionStart: true });
    return file;
  }

  /** @throws DataError when the file cannot be written to */
  scalars(step: number, scalars: Readonly<Record<string, number | undefined>>): void {
    const given = Object.entries(scalars).filter((entry): entry is [string, number] => entry[1] !== undefined);
    this.append({ wallTime: Date.now() / 1000, step, scalars: Object.fromEntries(given) });
  }

  private append(event: TensorBoardEvent): void {
    try {
      appendFileSync(this.path, frame(encodeEvent(event)));
    } catch (error) {
      throw fileError(this.path, error, 'a writable event file');
    }
  }
}
