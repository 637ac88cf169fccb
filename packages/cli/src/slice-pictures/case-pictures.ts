import type { CaseVolume, ClassDefinition, Plane, TypedNumberArray } from '@interseg/data';
import { chooseSlices } from './choose.ts';
import { displayView, type DisplayView } from './display-view.ts';
import { percentileWindow, type DisplayWindow } from './gray-image.ts';
import { membership } from './membership.ts';
import { slicePicture, type SlicePicture } from './slice-picture.ts';

/** The pictures of one test case. */
export interface CasePictures {
  id: string;
  sides: DisplayView['sides'];
  pictures: SlicePicture[];
}

/** How to make them. */
export interface CasePicturesOptions {
  classes: readonly ClassDefinition[];
  plane: Plane;
  /** Unless told, by percentiles. */
  window?: DisplayWindow;
  /** How many slices at most; one more than there are classes, 4 to 6, unless told. */
  count?: number;
}

/** Pictures of the most telling slices of a case: its first channel with the outlines of labels and, if any, prediction. */
export function casePictures(
  volume: CaseVolume,
  prediction: TypedNumberArray | undefined,
  { classes, plane, window, count = Math.min(6, Math.max(4, classes.length + 1)) }: CasePicturesOptions,
): CasePictures {
  const view = displayView(volume.shape, volume.spacing, volume.affine, plane);
  const image = volume.channels[0] as Float32Array;
  const reference = volume.labels ?? new Uint8Array(image.length);
  const { areas, disagreement } = countSlices(view, reference, prediction ?? reference, classes);
  const source = { view, image, reference, prediction, classes, window: window ?? percentileWindow(image) };
  return {
    id: volume.id,
    sides: view.sides,
    pictures: chooseSlices(areas, disagreement, count).map((index) => slicePicture(source, index)),
  };
}

/** For each slice: the pixels of each class in the reference, and the pixels where the two are in different classes. */
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
      const [value, other] = [truth[i] as number, predicted[i] as number];
      if (value !== other && membership(value, classes) !== membership(other, classes)) {
        disagreement[slice] = (disagreement[slice] as number) + 1;
      }
      if (value === 0) continue;
      classes.forEach(({ values }, c) => {
        const area = areas[c] as number[];
        if (values.includes(value)) area[slice] = (area[slice] as number) + 1;
      });
    }
  }
  return { areas, disagreement };
}
