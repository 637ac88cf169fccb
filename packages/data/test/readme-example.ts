import { generatePhantoms, labelMap, openSlices, splitCases } from '../src/index.ts';
import { writeNifti } from '@interseg/nifti';

const dataset = await generatePhantoms('phantoms', { patients: 5 }); // or openMsd('Task09_Spleen')
const split = splitCases(dataset.cases, { seed: 1 });
const slices = await openSlices(dataset, split.train, { size: [64, 64] });
for await (const { images, masks, count } of slices.batches({ batchSize: 8, seed: 1, epoch: 0 })) {
  // images and masks are [N, 64, 64, 1] each, N = count
  console.log(count, images.length, masks.length);
}
const test = await openSlices(dataset, split.test, { size: [64, 64] });
for await (const prepared of test.cases()) {
  const [lesion] = prepared.restore(Float32Array.from(prepared.masks!)); // here: what a network gives
  const { shape, affine, header } = prepared.source;
  const data = labelMap([lesion!], dataset.classes);
  await writeNifti(`${prepared.id}_mask.nii.gz`, { data, shape, affine, header }, { labels: true });
}
