import { line, round, svg, text } from './svg.mjs';

const row = 24;
const top = 34;
const names = 300;
const plot = 380;

/** Each network's mean difference in Dice to the baseline, over patients, with its 95 % interval. */
export function differencesPlot({ tests: { baseline, comparisons, level } }) {
  const told = comparisons.filter(({ meanDifference }) => meanDifference !== null);
  const edges = told.flatMap(({ meanDifference, interval }) => interval ?? [meanDifference]).map(Math.abs);
  const reach = Math.max(0.02, Math.ceil(Math.max(0, ...edges) * 50) / 50);
  const x = (value) => names + plot / 2 + (value / reach) * (plot / 2);
  const bottom = top + row * told.length;
  const ticks = [-reach, -reach / 2, 0, reach / 2, reach];
  return svg(names + plot + 40, bottom + 34, `Differences in Dice to ${baseline}`, [
    text(
      names + plot / 2,
      16,
      `Dice less that of ${baseline}: mean over patients, 95 % interval`,
      'text-anchor="middle"',
    ),
    ticks.map((tick) => [
      line(x(tick), top - 8, x(tick), bottom, tick === 0 ? 'zero' : 'grid'),
      text(x(tick), bottom + 18, signed(tick), 'text-anchor="middle"'),
    ]),
    told.map(({ variant, meanDifference, interval, adjustedP }, index) => {
      const y = top + row * (index + 0.5);
      // Colour and a filled or open mark, for those who do not tell the colours apart.
      const kind = adjustedP <= level ? 'told' : 'untold';
      return [
        text(names - 12, y + 4, variant, 'text-anchor="end"'),
        interval && line(x(interval[0]), y, x(interval[1]), y, `interval ${kind}`),
        `<circle class="${kind}" cx="${round(x(meanDifference))}" cy="${round(y)}" r="4.5"${kind === 'untold' ? ' style="fill:#fff;stroke-width:2"' : ''} />`,
      ].filter(Boolean);
    }),
  ]);
}

function signed(value) {
  return value === 0 ? '0' : `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;
}
