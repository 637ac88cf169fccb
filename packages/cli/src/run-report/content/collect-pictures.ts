import { join } from 'node:path';
import { readCase, readNifti, type DataSet } from '@interseg/data';
import type { MetricsFile, RunConfiguration, RunFolder } from '@interseg/training';
import { casePictures, type CasePictures } from '../../slice-pictures/case-pictures.ts';
import { chooseCases } from '../../slice-pictures/choose.ts';
import type { DisplayWindow } from '../../slice-pictures/gray-image.ts';
import { meanDice } from './mean-dice.ts';
import { orNote } from '../../errors/or-note.ts';

/** More would make a page that is slow to open. */
const mostCases = 12;

/** Soft tissue in computed tomography: level 40, width 400. */
const softTissue: [level: number, width: number] = [40, 400];

/** Pictures of the test cases whose label maps the run has written; of the worst to the best when there are many. */
export async function collectPictures(
  folder: RunFolder,
  configuration: RunConfiguration,
  dataset: DataSet,
  metrics: MetricsFile,
  notes: string[],
): Promise<CasePictures[]> {
  const chosen = chooseCases(metrics.cases, ({ classes }) => meanDice(classes) ?? 0, mostCases);
  if (chosen.length < metrics.cases.length) {
    notes.push(
      `Pictures are of ${chosen.length} of the ${metrics.cases.length} test cases, evenly from the worst to the best.`,
    );
  }
  const all: CasePictures[] = [];
  for (const { id } of chosen) {
    const pictures = await orNote(notes, `There are no pictures of ${id}`, async () => {
      const found = dataset.cases.find((one) => one.id === id);
      if (!found) return undefined;
      const volume = await readCase(dataset, found);
      const prediction = await readNifti(join(folder.predictions, `${id}.nii.gz`));
      if (prediction.data.length !== volume.channels[0]?.length) return undefined;
      return casePictures(volume, prediction.data, {
        classes: dataset.classes,
        plane: configuration.plane,
        window: displayWindow(dataset, configuration),
      });
    });
    if (pictures) all.push(pictures);
  }
  return all;
}

/** Of computed tomography: that of the run, or of soft tissue. Of MR none: by percentiles. */
export function displayWindow(
  { modality }: Pick<DataSet, 'modality'>,
  { window = softTissue }: Pick<RunConfiguration, 'window'>,
): DisplayWindow | undefined {
  const [level, width] = window;
  return modality === 'ct' ? { low: level - width / 2, high: level + width / 2 } : undefined;
}
