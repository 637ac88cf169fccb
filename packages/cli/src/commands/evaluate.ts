import { checkSameGrid } from '@interseg/data';
import { classMetrics, evaluate, meanMetrics, objectCounts, sumObjects } from '@interseg/training';
import type { Command } from 'commander';
import { readLabelMap } from '../images/read-label-map.ts';
import { parseLabels } from '../options/parse-labels.ts';
import { printResult, type Context } from '../terminal/context.ts';
import { metricCells, metricTextColumns, objectCells, objectTextColumns } from '../terminal/metrics-table.ts';
import { textTable } from '../terminal/table.ts';
import { addOutputOptions, createCommand } from './common-options.ts';

interface EvaluateFlags {
  prediction: string;
  reference: string;
  labels?: string;
  json?: boolean;
}

/** `interseg evaluate` */
export function evaluateCommand(context: Context): Command {
  const command = createCommand('evaluate', [
    'evaluate --prediction mask.nii.gz --reference truth.nii.gz',
    'evaluate --prediction mask.nii.gz --reference truth.nii.gz --labels 1=liver,2=tumour --json',
    "evaluate --prediction mask.nii.gz --reference seg.nii.gz --labels '1+2+4=whole,1+4=core,4=enhancing'",
  ]);
  command
    .requiredOption('--prediction <file>', 'label map to evaluate')
    .requiredOption('--reference <file>', 'reference label map, on the same grid')
    .option(
      '--labels <list>',
      'labels to compare and their names, such as 1=liver,2=tumour; 1+2=both merges labels (default: all labels that occur)',
    );
  addOutputOptions(command);
  return command.action(async (flags: EvaluateFlags) => {
    const named = flags.labels === undefined ? undefined : parseLabels(flags.labels);
    const prediction = await readLabelMap(flags.prediction);
    const reference = await readLabelMap(flags.reference);
    checkSameGrid(prediction, reference);
    const found = [...new Set([...reference.values, ...prediction.values])].sort((a, b) => a - b);
    const classes = named ?? found.map((value) => ({ name: String(value), values: [value] }));
    const results = evaluate(prediction, reference, classes).map(({ name, metrics, objects }, index) => ({
      name,
      values: classes[index]?.values ?? [],
      empty: metrics.empty,
      metrics: classMetrics(metrics),
      objects: objectCounts(objects),
    }));
    const mean = meanMetrics(results.map(({ metrics }) => metrics));
    const total = sumObjects(results.map(({ objects }) => objects));
    const document = {
      prediction: flags.prediction,
      reference: flags.reference,
      classes: Object.fromEntries(
        results.map(({ name, values, empty, metrics, objects }) => {
          const [label] = values;
          return [name, { ...(values.length === 1 ? { label } : { labels: values }), ...metrics, empty, objects }];
        }),
      ),
      mean,
      objects: total,
    };
    printResult(context, flags.json, document, () => {
      if (results.length === 0) return 'Both label maps are empty: nothing to compare.\n';
      const rows = results.map(({ name, values, metrics, objects }) => [
        ...[name, values.join('+')],
        ...[...metricCells(metrics), ...objectCells(objects)],
      ]);
      if (results.length > 1) rows.push(['mean, total', '', ...metricCells(mean), ...objectCells(total)]);
      const columns = [
        ...[{ heading: 'class' }, { heading: 'label', numeric: true }],
        ...[...metricTextColumns, ...objectTextColumns],
      ];
      const hasGaps = results.some(({ empty }) => empty !== 'none');
      const notes = [
        'Objects are connected components of the reference; missed ones are not touched by the prediction.',
        'False ones are predicted components that touch no object of the reference.',
        hasGaps && 'A dash (–) stands for a value that does not exist because a mask is empty.',
      ].filter((line) => line !== false);
      return `${textTable(columns, rows)}\n${notes.join('\n')}\n`;
    });
  });
}
