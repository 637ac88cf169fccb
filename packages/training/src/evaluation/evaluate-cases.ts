import { join } from 'node:path';
import { readCase, type Case, type DataSet } from '@interseg/data';
import { writeJson, makeFolder } from '@interseg/files';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { type ModelDescription, predictVolume, writeLabels } from '@interseg/inference';
import { evaluate, type ClassEvaluation } from './evaluate.ts';
import type { MetricsFile } from './metrics-file.ts';
import { summarize } from './summarize.ts';

/** How cases are evaluated, and where the results go. */
export interface EvaluateCasesOptions {
  description: ModelDescription;
  /** Name of the engine, for the file. */
  engine: string;
  /** Folder for the predicted label maps, `<case>.nii.gz`. */
  predictions: string;
  /** Where `metrics.json` goes. */
  metrics: string;
  /** Told of each case before it is segmented. */
  onCase?: (id: string) => void;
}

/**
 * Segments labelled cases, one after the other, on their own grids; writes each label map, and the metrics of all.
 * Only one case is in memory at a time.
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
    const volume = await readCase(dataset, dataset.cases.find((one) => one.id === id) as Case);
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
