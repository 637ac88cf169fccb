import { bestEpoch, type EpochRecord } from '@interseg/training';
import type { Series } from '../../charts/frame.ts';
import { lineChart } from '../../charts/line-chart.ts';
import { html, type Html } from '../../html/html.ts';
import { decimals } from '../../terminal/numbers.ts';
import type { RunContent } from '../content/run-content.ts';

/** The numeric fields of an epoch. */
type CurveField = {
  [Field in keyof EpochRecord]-?: NonNullable<EpochRecord[Field]> extends number ? Field : never;
}[keyof EpochRecord];

/** The course of training: losses, validation Dice, learning rate and, where features are matched, their activations. */
export function trainingCurves({ history, features }: RunContent): Html {
  if (history.length === 0) return html``;
  const series = (name: string, style: string, field: CurveField): Series => ({
    name,
    style,
    values: history.map((record) => record[field]),
  });
  const best = bestEpoch(history);
  const isPlain = history.every(({ lossImage, trainLoss }) => lossImage === trainLoss);
  // Two rows of two, or a large one beside two small ones.
  const isFour = features.length > 0;
  const isSmoothed = history.some(({ smoothedScore }) => smoothedScore !== undefined);
  const hasDice = history.some(({ valDice }) => valDice !== undefined);
  return html`<section>
    <h2>Training</h2>
    <div class="charts ${isFour && 'of-four'}">
      ${lineChart({
        title: 'Loss',
        height: isFour ? 260 : 345,
        xLabel: 'epoch',
        series: [
          series('total', 'total', 'trainLoss'),
          // For a plain network it is the whole loss.
          ...(isPlain ? [] : [series('image', 'image', 'lossImage')]),
          series('lower levels', 'lower-levels', 'lossDeepSupervision'),
          series('mask', 'mask', 'lossMask'),
          series('intermediate', 'intermediate', 'lossIntermediate'),
          series('reconstruction', 'reconstruction', 'lossReconstruction'),
          series('of unlabelled slices', 'unlabelled', 'lossReconstructionUnlabelled'),
          series('consistency', 'consistency', 'lossConsistency'),
          series('validation (image)', 'validation', 'valLoss'),
        ],
      })}
      ${
        hasDice &&
        lineChart({
          title: 'Validation Dice',
          height: isFour ? 260 : 228,
          xLabel: 'epoch',
          series: [
            series('validation Dice', 'dice', 'valDice'),
            ...(isSmoothed ? [series('smoothed', 'validation', 'smoothedScore')] : []),
          ],
          range: [0, 1],
          marked: best && {
            index: history.indexOf(best),
            text: `best: ${decimals(best.valDice, 3)} in epoch ${best.epoch}`,
          },
        })
      }
      ${lineChart({
        title: 'Learning rate',
        height: isFour ? 250 : 158,
        xLabel: 'epoch',
        series: [series('learning rate', 'rate', 'learningRate')],
      })}
      ${
        isFour &&
        lineChart({
          title: 'Activation of the matched features',
          xLabel: 'epoch',
          height: 250,
          series: features.map(({ name, level, isTarget, values }) => ({
            name,
            style: `level-${level % 5}${isTarget ? ' target' : ''}`,
            values,
          })),
        })
      }
    </div>
    <p class="note">
      Means over the samples of each epoch; each term of the loss is shown without its weight.
      ${features.length > 0 && 'Activations are mean absolute values of the image’s features y_j and the mask’s features y′_j; j = 0 is the bottleneck. If they fall towards 0, the network makes the intermediate loss (equation 3) small without learning.'}
      Hover over a chart to read its values.
    </p>
  </section>`;
}
