import type { CaseVolume, ClassDefinition, Plane } from '@interseg/data';
import type { TypedNumberArray } from '@interseg/nifti';
import { chooseSlices } from './choose.ts';
import { displayView, type DisplayView } from './display-view.ts';
import { percentileWindow, type DisplayWindow } from './gray-image.ts';
import { slicePicture, type SlicePicture } from './slice-picture.ts';

/** The pictures of one case. */
export interface CasePictures {
  id: string;
  sides: DisplayView['sides'];
  pictures: SlicePicture[];
}

/** How {@link casePictures} are made. */
export interface CasePicturesOptions {
  classes: readonly ClassDefinition[];
  plane: Plane;
  /** Defaults to the percentiles of the image. */
  window?: DisplayWindow;
  /** Maximum number of slices. Defaults to one more than the number of classes, but at least 4 and at most 6. */
  count?: number;
}

/** Makes pictures of the most telling slices of a case: its first channel with outlines of the labels and the prediction. */
export function casePictures(
  volume: CaseVolume,
  prediction: TypedNumberArray | undefined,
  { classes, plane, window, count = Math.min(6, Math.max(4, classes.length + 1)) }: CasePicturesOptions,
): CasePictures {
  const view = displayView(volume.shape, volume.spacing, volume.affine, plane);
  const image = volume.channels[0]!;
  const reference = volume.labels ?? new Uint8Array(image.length);
  const { areas, disagreement } = countSlices(view, reference, prediction ?? reference, classes);
  const source = { view, image, reference, prediction, classes, window: window ?? percentileWindow(image) };
  return {
    id: volume.id,
    sides: view.sides,
    pictures: chooseSlices(areas, disagreement, count).map((index) => slicePicture(source, index)),
  };
}

/** Counts, slice by slice, the reference pixels of each class and the pixels on which reference and prediction disagree. */
function countSlices(
  view: DisplayView,
  reference: TypedNumberArray,
  prediction: TypedNumberArray,
  classes: readonly ClassDefinition[],
): { areas: number[][]; disagreement: number[] } {
  const areas = classes.map(() => new Array<number>(view.slices).fill(0));
  const disagreement = new Array<number>(view.slices).fill(0);
  for (let slice = 0; slice < view.slices; slice++) {
    const [truth, predicted] = [view.slice(reference, slice), view.slice(prediction, slice)];
    for (let i = 0; i < truth.length; i++) {
      const [value, other] = [truth[i]!, predicted[i]!];
      if (value !== other && membership(value, classes) !== membership(other, classes)) {
        disagreement[slice] = disagreement[slice]! + 1;
      }
      if (value === 0) continue;
      classes.forEach(({ values }, c) => {
        const area = areas[c]!;
        if (values.includes(value)) area[slice] = area[slice]! + 1;
      });
    }
  }
  return { areas, disagreement };
}

/** A number that stands for the set of classes a label belongs to; 0 for background. */
export function membership(label: number, classes: readonly ClassDefinition[]): number {
  return classes.reduce((sum, { values }, index) => (values.includes(label) ? sum + 2 ** index : sum), 0);
}
