import type { Triple } from '@interseg/nifti';
import type { Random } from '../random/random.ts';
import { ctTissues, ctUnit, objectFactor, tissueIntensities } from './contrasts.ts';
import { centerdGrid, forEachCovered, type PhantomGrid } from './coverage.ts';
import { createHead, tissueNames, type Head } from './head.ts';
import { withMistakes, type LabelledObject, type LabelMistakes } from './label-mistakes.ts';
import type { CompletePhantomOptions } from './options.ts';
import { placeObjects, type PlacedObject } from './place-objects.ts';
import { smoothField } from './smooth-field.ts';
import { bratsTissues, tumourFactor, tumourLabel } from './tumour.ts';

/** One patient. */
export interface Phantom {
  /** The channels one after the other, first axis fastest. */
  readonly image: Int16Array;
  readonly labels: Uint8Array;
  /** The objects of the classes, without the distractors. */
  readonly objects: readonly PlacedObject[];
  /** The same objects as they are labelled, which may be wrong. */
  readonly labelled: readonly LabelledObject[];
  readonly grid: PhantomGrid;
}

/** The stored value of an intensity of 1. */
const intensityUnit = 1000;
const textureStrength = 0.06;

/** Makes one patient, entirely determined by `random` and by what is wrong with the labels. */
export function createPhantom(options: CompletePhantomOptions, random: Random, mistakes: LabelMistakes): Phantom {
  const grid = centerdGrid(options.shape, options.spacing);
  const extent = options.shape.map((count, axis) => count * options.spacing[axis]!) as Triple;
  const head = createHead(random.fork('head'), extent);
  const placed = placeObjects(random.fork('objects'), head, grid, options);
  const voxels = options.shape[0] * options.shape[1] * options.shape[2];
  const fractions = tissueFractions(grid, head);
  const image = new Int16Array(voxels * options.channels.length);
  options.channels.forEach((name, channel) => {
    const clean = intensities(grid, fractions, placed, channel, options, random.fork(`texture ${name}`));
    const target = image.subarray(channel * voxels, (channel + 1) * voxels);
    const acquire = options.modality === 'ct' ? acquireCt : acquireMagnitude;
    acquire(clean, options.noise, random.fork(`noise ${name}`), target);
  });
  const objects = placed.filter(({ classIndex }) => classIndex !== undefined);
  const labelled = withMistakes(objects, mistakes, random.fork('mistakes'));
  const drawn = labelled.filter((object) => object !== undefined);
  return { image, labels: drawLabels(grid, drawn, options), objects, labelled, grid };
}

/** Partial volume: for each voxel and tissue the fraction of the voxel that is this tissue, from 2 × 2 × 2 samples. */
function tissueFractions({ shape, spacing, origin }: PhantomGrid, head: Head): Float32Array {
  const fractions = new Float32Array(shape[0] * shape[1] * shape[2] * tissueNames.length);
  let at = 0;
  for (let k = 0; k < shape[2]; k++) {
    for (let j = 0; j < shape[1]; j++) {
      for (let i = 0; i < shape[0]; i++, at += tissueNames.length) {
        for (let corner = 0; corner < 8; corner++) {
          const x = origin[0] + (i + (corner & 1 ? 0.25 : -0.25)) * spacing[0];
          const y = origin[1] + (j + (corner & 2 ? 0.25 : -0.25)) * spacing[1];
          const z = origin[2] + (k + (corner & 4 ? 0.25 : -0.25)) * spacing[2];
          fractions[at + head.tissueAt(x, y, z)]! += 0.125;
        }
      }
    }
  }
  return fractions;
}

/** One channel before noise. */
function intensities(
  grid: PhantomGrid,
  fractions: Float32Array,
  placed: readonly PlacedObject[],
  channel: number,
  options: CompletePhantomOptions,
  random: Random,
): Float32Array {
  const { shape, spacing, origin } = grid;
  const isBrats = options.layout === 'brats';
  const isCt = options.modality === 'ct';
  const tissues = isBrats ? bratsTissues(channel) : isCt ? ctTissues : tissueIntensities(channel);
  const values = new Float32Array(shape[0] * shape[1] * shape[2]);
  for (let voxel = 0; voxel < values.length; voxel++) {
    for (let tissue = 0; tissue < tissueNames.length; tissue++) {
      values[voxel]! += fractions[voxel * tissueNames.length + tissue]! * tissues[tissue]!;
    }
  }
  for (const { looksLike, sign, shape: ellipsoid } of placed) {
    forEachCovered(grid, ellipsoid, (voxel, fraction, position) => {
      const factor =
        looksLike === undefined
          ? 1 + sign * options.contrast
          : isBrats
            ? tumourFactor(channel, options.contrast, position)
            : objectFactor(looksLike, channel, options.contrast, position);
      if (isCt) values[voxel]! += fraction * (factor - 1) * ctUnit;
      else values[voxel]! *= 1 - fraction + fraction * factor;
    });
  }
  const texture = smoothField(random.fork('tissue'), 4 * Math.min(...spacing));
  const bias = smoothField(random.fork('bias'), 0.6 * shape[0] * spacing[0]);
  let voxel = 0;
  for (let k = 0; k < shape[2]; k++) {
    for (let j = 0; j < shape[1]; j++) {
      for (let i = 0; i < shape[0]; i++, voxel++) {
        const [x, y, z] = [origin[0] + i * spacing[0], origin[1] + j * spacing[1], origin[2] + k * spacing[2]];
        if (isCt) values[voxel]! += textureStrength * ctUnit * texture(x, y, z);
        else values[voxel]! *= (1 + textureStrength * texture(x, y, z)) * Math.exp(options.biasField * bias(x, y, z));
      }
    }
  }
  return values;
}

/** Adds Rician noise, as in magnitude images: normal noise in both components of a complex signal. */
function acquireMagnitude(clean: Float32Array, noise: number, random: Random, target: Int16Array): void {
  for (let voxel = 0; voxel < clean.length; voxel++) {
    const magnitude = Math.hypot(clean[voxel]! + noise * random.normal(), noise * random.normal());
    target[voxel] = Math.min(32767, Math.round(magnitude * intensityUnit));
  }
}

/** Adds normal noise to Hounsfield units. */
function acquireCt(clean: Float32Array, noise: number, random: Random, target: Int16Array): void {
  for (let voxel = 0; voxel < clean.length; voxel++) {
    target[voxel] = Math.round(clean[voxel]! + noise * ctUnit * random.normal());
  }
}

/** Labels the voxels that an object covers at least by half; if it covers none by half, the one that it covers most. */
function drawLabels(
  grid: PhantomGrid,
  objects: readonly PlacedObject[],
  { layout }: CompletePhantomOptions,
): Uint8Array {
  const labels = new Uint8Array(grid.shape[0] * grid.shape[1] * grid.shape[2]);
  for (const { classIndex, shape } of objects) {
    let most = 0;
    let best = -1;
    const labelAt = (position: number): number => (layout === 'brats' ? tumourLabel(position) : classIndex! + 1);
    forEachCovered(grid, shape, (voxel, fraction, position) => {
      if (fraction >= 0.5) labels[voxel] = labelAt(position);
      if (fraction > most) [most, best] = [fraction, voxel];
    });
    if (most < 0.5 && best >= 0) labels[best] = labelAt(1);
  }
  return labels;
}
