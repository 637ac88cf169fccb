import { inspect, type DataSet, type DataSetReport } from '@interseg/data';
import { connectedComponents } from '@interseg/metrics';
import type { Context } from '../terminal/context.ts';
import { displayWindow } from '../slice-pictures/gray-image.ts';
import { casePictures, type CasePictures } from '../slice-pictures/case-pictures.ts';
import { chooseCases } from '../slice-pictures/choose.ts';

/** More would make a page that is slow to open. */
const mostCases = 12;

/** An inspection with pictures of some of its cases. */
export interface Inspection {
  readonly report: DataSetReport;
  readonly pictures: readonly CasePictures[];
}

/**
 * Reads every case once: what is there, the connected objects of each class (voxels that touch by a face, an edge or a
 * corner), and on request pictures of up to 12 cases with labels, spread evenly over all.
 */
export async function inspectData(dataset: DataSet, context: Context, withPictures: boolean): Promise<Inspection> {
  const shown = new Set(withPictures ? chooseCases(dataset.cases, ({ id }) => order(dataset, id), mostCases) : []);
  const ids = new Set([...shown].map(({ id }) => id));
  const pictures: CasePictures[] = [];
  const { classes } = dataset;
  const window = displayWindow(dataset, {});
  const report = await inspect(dataset, {
    // Masks of the metrics have the last axis fastest.
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

function order(dataset: DataSet, id: string): number {
  return dataset.cases.findIndex((one) => one.id === id);
}
