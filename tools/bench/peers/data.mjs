// One contestant of data.mjs: reads the volumes and computes the metrics of the pairs each time a line comes in.
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { readNifti } from '@interseg/nifti';
import { hausdorffDistance, segmentationMetrics } from '@interseg/metrics';

const { volumes, pairs } = JSON.parse(process.argv[2]);
const masks = [];
for (const { files, shape, spacing } of pairs) {
  masks.push(
    await Promise.all(files.map(async (file) => ({ data: new Uint8Array(await readFile(file)), shape, spacing }))),
  );
}
const timed = async (work) => {
  const start = performance.now();
  const values = await work();
  return { ms: performance.now() - start, values };
};

console.log('ready');
for await (const line of createInterface({ input: process.stdin })) {
  if (line === '') break;
  const reading = await timed(async () => {
    let sum = 0;
    for (const path of volumes) sum += (await readNifti(path)).data.at(-1);
    return [sum];
  });
  const tasks = [reading];
  for (const [a, b] of masks) {
    tasks.push(await timed(() => [hausdorffDistance(a, b, { percentile: 95, definition: 'pooled' })]));
    tasks.push(
      await timed(() => {
        const { dice, hd, assd } = segmentationMetrics(a, b);
        return [dice, hd, assd];
      }),
    );
  }
  console.log(JSON.stringify(tasks));
}
