import { join } from 'node:path';
import { readCase, type DataSet } from '@interseg/data';
import { writeJson, makeFolder } from '@interseg/files';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { type ModelDescription, predictVolume, writeLabels } from '@interseg/inference';
import { evaluate, type ClassEvaluation } from './evaluate.ts';
import type { MetricsFile } from './metrics-file.ts';
import { summarize } from './summarize.ts';

/** Options of {@link evaluateCases}. */
export interface EvaluateCasesOptions {
  description: ModelDescription;
  /** The engine's name, for `metrics.json`. */
  engine: string;
  /** The folder for the predicted label maps, `<case>.nii.gz`. */
  predictions: string;
  /** The path of `metrics.json`. */
  metrics: string;
  /** Called before each case. */
  onCase?: (id: string) => void;
}

/**
 * Segments labelled cases on their own grids, and writes each label map and the metrics of all. Only one case is in memory
 * at a time.
 *
 * @returns what was written to `metrics.json`
 * @throws DataError when a case cannot be read or a file cannot be written
 */
export async function evaluateCases(
  model: LayersModel,
  dataset: DataSet,
  ids: readonly string[],
  { description, engine, predictions, metrics, onCase }: EvaluateCasesOptions,
): Promise<MetricsFile> {
  await makeFolder(predictions);
  const results: { id: string; classes: ClassEvaluation[] }[] = [];
  for (const id of ids) {
    onCase?.(id);
    const volume = await readCase(
      dataset,
      dataset.cases.find((one) => one.id === id)!,
    );
    const { labels } = await predictVolume(model, volume, description);
    await writeLabels(join(predictions, `${id}.nii.gz`), labels, volume.source);
    const { shape, spacing } = volume;
    const reference = { data: volume.labels ?? [], shape, spacing };
    results.push({ id, classes: evaluate({ data: labels, shape, spacing }, reference, description.classes) });
  }
  const content = summarize(results, { variant: description.variant, engine });
  await writeJson(metrics, content);
  return content;
}
