import { line, round, svg, text } from './svg.mjs';

const row = 24;
const top = 34;
const names = 300;
const plot = 380;

/** Each network's mean difference in Dice to the baseline, over patients, with its 95 % interval. */
export function differencesPlot({ tests: { baseline, comparisons, level } }) {
  const told = comparisons.filter(({ meanDifference }) => meanDifference !== null);
  const edges = told.flatMap(({ meanDifference, interval }) => interval ?? [meanDifference]).map(Math.abs);
  // A network that failed altogether must not squeeze the others into a line: it gets an arrow at the edge.
  const middle = edges.sort((a, b) => a - b)[Math.floor(edges.length / 2)] ?? 0;
  const reach = Math.max(0.02, Math.ceil(Math.min(Math.max(0, ...edges), 4 * middle) * 50) / 50);
  const x = (value) => names + plot / 2 + (value / reach) * (plot / 2);
  const bottom = top + row * told.length;
  const inside = (value) => Math.max(-reach, Math.min(reach, value));
  const ticks = [-reach, -reach / 2, 0, reach / 2, reach];
  return svg(names + plot + 40, bottom + 34, `Differences in Dice to ${baseline}`, [
    text(
      names + plot / 2,
      16,
      `Dice less that of ${baseline}: mean over patients, 95 % interval; filled: beyond chance (Holm)`,
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
      const label = text(names - 12, y + 4, variant, 'text-anchor="end"');
      if (Math.abs(meanDifference) > reach) {
        return [label, beyond(x(Math.sign(meanDifference) * reach), y, meanDifference)];
      }
      return [
        label,
        interval && line(x(inside(interval[0])), y, x(inside(interval[1])), y, `interval ${kind}`),
        `<circle class="${kind}" cx="${round(x(meanDifference))}" cy="${round(y)}" r="4.5"${kind === 'untold' ? ' style="fill:#fff;stroke-width:2"' : ''} />`,
      ].filter(Boolean);
    }),
  ]);
}

/** An arrow at the edge with the value that lies beyond it. */
function beyond(edge, y, value) {
  return value < 0
    ? text(edge + 4, y + 4, `◂ ${signed(value)}`)
    : text(edge - 4, y + 4, `${signed(value)} ▸`, 'text-anchor="end"');
}

function signed(value) {
  return value === 0 ? '0' : `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;
}
