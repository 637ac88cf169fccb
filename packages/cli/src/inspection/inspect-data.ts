import { inspect, type DataSet, type DataSetReport } from '@interseg/data';
import { connectedComponents } from '@interseg/metrics';
import { casePictures, type CasePictures } from '../slice-pictures/case-pictures.ts';
import { chooseCases } from '../slice-pictures/choose.ts';
import { displayWindow } from '../slice-pictures/gray-image.ts';
import type { Context } from '../terminal/context.ts';

/** With more, the page would be slow to open. */
const mostCases = 12;

/** An inspection with pictures of some of its cases. */
export interface Inspection {
  readonly report: DataSetReport;
  readonly pictures: readonly CasePictures[];
}

/**
 * Reads every case once and reports its contents, including the connected components of each class (voxels that touch at a
 * face, an edge or a corner). On request, makes pictures of up to 12 labelled cases, spread evenly over the data set.
 */
export async function inspectData(dataset: DataSet, context: Context, withPictures: boolean): Promise<Inspection> {
  const shown = withPictures ? chooseCases(dataset.cases, (one) => dataset.cases.indexOf(one), mostCases) : [];
  const ids = new Set(shown.map(({ id }) => id));
  const pictures: CasePictures[] = [];
  const { classes } = dataset;
  const window = displayWindow(dataset, {});
  const report = await inspect(dataset, {
    // The metrics expect masks whose last axis is fastest.
    objectSizes: (data, shape) => connectedComponents({ data, shape: [...shape].reverse() }).sizes,
    onVolume: (volume) => {
      if (ids.has(volume.id)) pictures.push(casePictures(volume, undefined, { classes, plane: 'axial', window }));
    },
    onProgress: ({ done, total, id }) => {
      if (context.stderr.isTTY) context.stderr.write(`\r\u001b[2Kreading ${done}/${total}: ${id}`);
    },
  });
  if (context.stderr.isTTY) context.stderr.write('\r\u001b[2K');
  return { report, pictures };
}
