// One contestant of dicom.mjs: finds and reads the only series of a folder each time a line comes in, and prints the
// milliseconds and a digest of the values.
import { createHash } from 'node:crypto';
import { createInterface } from 'node:readline';
import { findSeries, readSeries } from '@interseg/dicom';

const folder = process.argv[2];
console.log('ready');
for await (const _ of createInterface({ input: process.stdin })) {
  const start = performance.now();
  const { series } = await findSeries(folder);
  const { data } = await readSeries(series[0]);
  const milliseconds = performance.now() - start;
  const values = new Uint8Array(Int32Array.from(data).buffer);
  console.log(`${milliseconds} ${createHash('sha256').update(values).digest('hex').slice(0, 12)}`);
}
