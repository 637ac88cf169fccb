import type { DataSet } from '@interseg/data';
import type { RunConfiguration } from '@interseg/training';
import { PNG } from 'pngjs';

/** The intensities that are shown as black and as white. */
export interface DisplayWindow {
  low: number;
  high: number;
}

/** Soft tissue in computed tomography, in Hounsfield units. */
const softTissue: [level: number, width: number] = [40, 400];

/** The window for computed tomography: the run's own, or else that of soft tissue. For other modalities `undefined`. */
export function displayWindow(
  { modality }: Pick<DataSet, 'modality'>,
  { window = softTissue }: Pick<RunConfiguration, 'window'>,
): DisplayWindow | undefined {
  const [level, width] = window;
  return modality === 'ct' ? { low: level - width / 2, high: level + width / 2 } : undefined;
}

/** The window from the 0.5th to the 99.5th percentile of the values other than 0, for MR. */
export function percentileWindow(values: ArrayLike<number>): DisplayWindow {
  // A sample is enough for percentiles, and a volume may have many millions of voxels.
  const step = Math.max(1, Math.floor(values.length / 200_000));
  const sample: number[] = [];
  for (let index = 0; index < values.length; index += step) {
    const value = values[index]!;
    if (value !== 0) sample.push(value);
  }
  sample.sort((a, b) => a - b);
  const at = (fraction: number): number => sample[Math.round(fraction * (sample.length - 1))] ?? 0;
  return { low: at(0.005), high: at(0.995) };
}

/** A grey PNG as a data URI. @param values row by row */
export function grayImage(values: ArrayLike<number>, columns: number, rows: number, window: DisplayWindow): string {
  const span = window.high - window.low || 1;
  // Clamped: a plain byte array would wrap around.
  const bytes = Uint8ClampedArray.from(values, (value) => ((value - window.low) / span) * 255);
  const png = new PNG({ width: columns, height: rows });
  png.data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const file = PNG.sync.write(png, { colorType: 0, inputColorType: 0, inputHasAlpha: false, bitDepth: 8 });
  return `data:image/png;base64,${file.toString('base64')}`;
}
