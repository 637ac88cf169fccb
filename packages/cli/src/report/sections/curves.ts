import type { EpochRecord } from '@interseg/training';
import { decimals } from '../../terminal/numbers.ts';
import type { Series } from '../charts/frame.ts';
import { lineChart } from '../charts/line-chart.ts';
import type { ReportContent } from '../content/report-content.ts';
import { html, type Html } from '../html/html.ts';
import { bestEpoch } from './heading.ts';

/** How training went: losses, validation Dice, learning rate. */
export function curves({ history }: ReportContent): Html {
  if (history.length === 0) return html``;
  const series = (name: string, style: string, field: keyof EpochRecord): Series => ({
    name,
    style,
    values: history.map((record) => record[field]),
  });
  const best = bestEpoch(history);
  const isPlain = history.every(({ lossImage, trainLoss }) => lossImage === trainLoss);
  const hasDice = history.some(({ valDice }) => valDice !== undefined);
  return html`<section>
    <h2>Training</h2>
    <div class="charts">
      ${lineChart({
        title: 'Loss',
        height: 345,
        xLabel: 'epoch',
        series: [
          series('total', 'total', 'trainLoss'),
          // Of a plain network it is all of the loss.
          ...(isPlain ? [] : [series('image', 'image', 'lossImage')]),
          series('mask', 'mask', 'lossMask'),
          series('intermediate', 'intermediate', 'lossIntermediate'),
          series('reconstruction', 'reconstruction', 'lossReconstruction'),
          series('validation (image)', 'validation', 'valLoss'),
        ],
      })}
      ${
        hasDice &&
        lineChart({
          title: 'Validation Dice',
          height: 228,
          xLabel: 'epoch',
          series: [series('validation Dice', 'dice', 'valDice')],
          range: [0, 1],
          marked: best && {
            index: history.indexOf(best),
            text: `best: ${decimals(best.valDice, 3)} in epoch ${best.epoch}`,
          },
        })
      }
      ${lineChart({
        title: 'Learning rate',
        height: 158,
        xLabel: 'epoch',
        series: [series('learning rate', 'rate', 'learningRate')],
      })}
    </div>
    <p class="note">
      Means over the samples of each epoch; terms of the loss before their weights. Point at a chart to read its values.
    </p>
  </section>`;
}
