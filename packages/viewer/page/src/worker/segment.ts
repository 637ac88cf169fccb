import { imageFromVolumes, predictVolume, type LoadedModel } from '@interseg/inference';
import { encodeNifti, readNifti } from '@interseg/nifti';
import { stepBetween } from '../view/color-table.ts';
import { doubtsAbout } from './doubts.ts';
import { classObjects } from './objects.ts';
import type { ClassResult, Segmentation } from './protocol.ts';
import type { TaskContext } from './worker.ts';

/** Segments a scan. @param files one with all channels, or one for each channel, in order */
export async function segment(
  { model, description }: LoadedModel,
  files: readonly File[],
  { signal, onProgress }: TaskContext,
): Promise<Segmentation> {
  const started = performance.now();
  onProgress({ text: 'Reading' });
  const volumes = [];
  for (const file of files) volumes.push({ path: file.name, volume: await readNifti(file) });
  signal.throwIfAborted();
  const image = await imageFromVolumes(volumes, description);
  const warnings = doubtsAbout(image);
  const { labels } = await predictVolume(model, image, {
    ...description,
    signal,
    onProgress: ({ done, total }) => onProgress({ text: `Slice ${done} of ${total}`, part: done / total }),
  });
  const seconds = (performance.now() - started) / 1000;
  onProgress({ text: 'Measuring', part: 1 });
  const { shape, affine, header } = image.source;
  const grid = { shape, affine, header };
  const classes = description.classes.map(({ name, values }): ClassResult => {
    const objects = classObjects(labels, values, { shape, affine }).sort((a, b) => b.voxels - a.voxels);
    const voxels = objects.reduce((sum, object) => sum + object.voxels, 0);
    const millilitres = objects.reduce((sum, object) => sum + object.millilitres, 0);
    return { name, values, voxels, millilitres, objects };
  });
  const known = [0, ...new Set(description.classes.flatMap(({ values }) => values))];
  const places = new Map(known.map((value, place) => [value, place]));
  const step = stepBetween(known.length);
  const display = Uint8Array.from(labels, (label) => step * places.get(label)!);
  const mask = await encodeNifti({ data: labels, ...grid }, { labels: true });
  const shown = await encodeNifti({ data: display, ...grid });
  return { mask: new Blob([mask]), display: new Blob([shown]), labels: known, classes, seconds, warnings };
}
