import { OptionError } from '@interseg/errors';
import { fittingOf, takeBack, type Fitting } from '../geometry/resize-and-pad.ts';
import type { PreparedArrays, PreparedCase } from '../preparation/prepared-case.ts';
import type { CompleteSliceSettings } from '../slice-settings.ts';
import { putSlice, slicingOf, type Slicing } from '../geometry/slicing.ts';

/** Gives a prepared case, which may come from another thread or a file, its way back onto the original grid. */
export function withWayBack(prepared: PreparedArrays, settings: CompleteSliceSettings): PreparedCase {
  const { id, source, classes } = prepared;
  const slicing = slicingOf(source.shape, source.affine, settings.plane);
  const fitting = fittingOf([slicing.rows, slicing.columns], settings, [slicing.spacing[1], slicing.spacing[2]]);
  return { ...prepared, restore: restorer(id, slicing, fitting, classes) };
}

/** The way back, which keeps no voxels alive. */
function restorer(id: string, slicing: Slicing, fitting: Fitting, classes: number): PreparedCase['restore'] {
  const pixels = fitting.to[0] * fitting.to[1];
  const expected = slicing.slices * pixels * classes;
  return (probabilities) => {
    if (probabilities.length !== expected) {
      throw new OptionError(
        `${id}: ${probabilities.length} probabilities, expected ${slicing.slices} × ${fitting.to.join(' × ')} × ${classes}.`,
      );
    }
    return Array.from({ length: classes }, (_, index) => {
      const volume = new Float32Array(slicing.slices * slicing.rows * slicing.columns);
      for (let s = 0; s < slicing.slices; s++) {
        putSlice(volume, slicing, s, takeBack(fitting, probabilities, s * pixels * classes + index, classes));
      }
      return volume;
    });
  };
}
