import { join } from 'node:path';
import { readCase, type CaseVolume, type ClassDefinition, type DataSet } from '@interseg/data';
import { makeFolder } from '@interseg/files';
import { writeLabels, type VolumePrediction } from '@interseg/inference';
import { evaluate, type ClassEvaluation } from './evaluate.ts';

/** How a case was segmented. */
export interface CaseEvaluation {
  id: string;
  classes: ClassEvaluation[];
}

/** How cases are segmented, and where to. */
export interface SegmentCasesOptions {
  predict: (volume: CaseVolume) => Promise<Pick<VolumePrediction, 'labels'>>;
  classes: readonly ClassDefinition[];
  /** The folder for the predicted label maps, `<case>.nii.gz`. */
  predictions: string;
  /** Called before each case. */
  onCase?: (id: string) => void;
}

/** Segments labelled cases on their own grids, writes each label map and evaluates it. Only one case is in memory at a time. */
export async function segmentCases(
  dataset: DataSet,
  ids: readonly string[],
  { predict, classes, predictions, onCase }: SegmentCasesOptions,
): Promise<CaseEvaluation[]> {
  await makeFolder(predictions);
  const results: CaseEvaluation[] = [];
  for (const id of ids) {
    onCase?.(id);
    const volume = await readCase(
      dataset,
      dataset.cases.find((one) => one.id === id)!,
    );
    const { labels } = await predict(volume);
    await writeLabels(join(predictions, `${id}.nii.gz`), labels, volume.source);
    const { shape, spacing } = volume;
    const reference = { data: volume.labels ?? [], shape, spacing };
    results.push({ id, classes: evaluate({ data: labels, shape, spacing }, reference, classes) });
  }
  return results;
}
