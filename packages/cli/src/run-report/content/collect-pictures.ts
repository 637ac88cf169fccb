import { join } from 'node:path';
import { readCase, type DataSet } from '@interseg/data';
import { readNifti } from '@interseg/nifti';
import { meanMetrics, type MetricsFile, type RunConfiguration, type RunFolder } from '@interseg/training';
import { orNote } from '../../errors/optional-input.ts';
import { casePictures, type CasePictures } from '../../slice-pictures/case-pictures.ts';
import { chooseCases } from '../../slice-pictures/choose.ts';
import { displayWindow } from '../../slice-pictures/gray-image.ts';

/** With more, the page would be slow to open. */
const mostCases = 12;

/** Makes pictures of the predicted test cases; where there are many, of a selection from the worst to the best. */
export async function collectPictures(
  folder: RunFolder,
  configuration: RunConfiguration,
  dataset: DataSet,
  metrics: MetricsFile,
  notes: string[],
): Promise<CasePictures[]> {
  const chosen = chooseCases(metrics.cases, ({ classes }) => meanMetrics(Object.values(classes)).dice ?? 0, mostCases);
  if (chosen.length < metrics.cases.length) {
    notes.push(
      `The pictures show ${chosen.length} of the ${metrics.cases.length} test cases, spread evenly from the worst to the best.`,
    );
  }
  const all: CasePictures[] = [];
  for (const { id } of chosen) {
    const pictures = await orNote(notes, `The pictures of ${id} are missing`, async () => {
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
