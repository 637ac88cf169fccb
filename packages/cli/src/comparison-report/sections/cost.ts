import type { MeanDeviation, ParameterCounts } from '@interseg/experiments';
import { html, type Html } from '../../html/html.ts';
import { headings } from '../../html/tables.ts';
import { decimals, duration, largeCount } from '../../terminal/numbers.ts';
import type { ComparisonContent } from '../comparison-content.ts';
import { entryVariant } from '../entry-variant.ts';
import { markBest, scrollingTable, spreadCell } from './cells.ts';

/** Size of the networks and time to train them. */
export function cost({ comparison }: ComparisonContent): Html {
  const { variants, tests } = comparison;
  const [baseline] = variants;
  const title = entryVariant(tests.baseline).title;
  const columns = [
    'Weights, deployed',
    'Weights, training',
    'Step',
    `× ${title}`,
    'Epochs',
    'Training time',
    'Best validation Dice',
  ];
  const milliseconds = variants.map(({ secondsPerStep }) => scaled(secondsPerStep, 1000));
  const best = markBest(
    variants.map((one) => one.bestValidationDice),
    3,
    'higher',
  );
  const rows = variants.map((one, index) => {
    const ratio = divided(one.secondsPerStep.mean, baseline?.secondsPerStep.mean);
    return html`<tr>
      <th scope="row">${entryVariant(one.variant).title}</th>
      ${parameterCells(one.parameters)} ${stepCell(milliseconds[index]!)}
      <td class="number">${decimals(ratio, 2)}</td>
      ${spreadCell(one.epochs, 0)}
      <td class="number">${one.seconds.mean === null ? '–' : duration(one.seconds.mean)}</td>
      ${spreadCell(one.bestValidationDice, 3, { isBest: best[index] })}
    </tr>`;
  });
  return html`<section>
    <h2>Cost</h2>
    <p>
      Weights of the deployed network, and in training with those of the mask path and the reconstruction. Step: median
      wall time of a training step, mean over runs.
    </p>
    ${scrollingTable(headings('Variant', columns), rows)}
  </section>`;
}

function parameterCells(parameters: ParameterCounts | null): Html {
  const count = (value?: number): string => (value === undefined ? '–' : largeCount(value));
  return html`<td class="number">${count(parameters?.deploy)}</td>
    <td class="number">${count(parameters?.training)}</td>`;
}

function stepCell(milliseconds: MeanDeviation): Html {
  const unit = html` <span class="unit">ms</span>`;
  const { mean, deviation } = milliseconds;
  const digits = mean !== null && mean < 10 ? 1 : 0;
  return html`<td class="number">
    ${decimals(mean, digits)}${deviation !== null && html` <span class="deviation">± ${decimals(deviation, digits)}</span>`}${mean !== null && unit}
  </td>`;
}

function scaled({ mean, deviation, n }: MeanDeviation, factor: number): MeanDeviation {
  const times = (value: number | null): number | null => (value === null ? null : value * factor);
  return { mean: times(mean), deviation: times(deviation), n };
}

function divided(a: number | null, b: number | null | undefined): number | undefined {
  return a === null || !b ? undefined : a / b;
}
