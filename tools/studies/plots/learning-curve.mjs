import { line, points, svg, text } from './svg.mjs';

const [width, height] = [640, 360];
const frame = { left: 48, right: 16, top: 26, bottom: 84 };
/** Of the baseline, of the best with labels alone, of the best with images as well. */
const colors = ['#666', '#1b6ca8', '#b3431f'];

/** Dice over the number of labelled patients, a line per curve with the band of its intervals; the first is the baseline. */
export function learningCurvePlot(curves) {
  const numbers = curves[0].points.map(({ labelled }) => labelled);
  const edges = curves.flatMap((one) => one.points.flatMap(({ interval }) => interval));
  const lowest = Math.max(0, Math.floor(Math.min(...edges) * 10) / 10);
  const highest = Math.min(1, Math.ceil(Math.max(...edges) * 10) / 10);
  const [fewest, most] = [numbers[0], numbers.at(-1)].map(Math.log2);
  const x = (labelled) =>
    frame.left + ((Math.log2(labelled) - fewest) / Math.max(1, most - fewest)) * (width - frame.left - frame.right);
  const y = (dice) => frame.top + (1 - (dice - lowest) / (highest - lowest)) * (height - frame.top - frame.bottom);
  const along = (list, value) => points(list.map((point) => [x(point.labelled), y(value(point))]));
  const ticks = Array.from({ length: Math.round((highest - lowest) * 10) + 1 }, (_, i) => lowest + i / 10);
  return svg(width, height, 'Dice over the number of labelled patients', [
    ticks.map((dice) => [
      line(frame.left, y(dice), width - frame.right, y(dice), 'grid'),
      text(frame.left - 6, y(dice) + 4, dice.toFixed(1), 'text-anchor="end"'),
    ]),
    numbers.map((labelled) => text(x(labelled), height - frame.bottom + 18, labelled, 'text-anchor="middle"')),
    text(frame.left, 16, 'test Dice: mean over patients with its 95 % interval, by the number of labelled patients'),
    curves.map(({ variant, points: list }, index) => {
      const upper = along(list, ({ interval }) => interval[1]);
      const lower = along([...list].reverse(), ({ interval }) => interval[0]);
      const color = colors[index];
      const at = height - frame.bottom + 38 + 18 * index;
      return [
        `<polygon points="${upper} ${lower}" style="fill:${color};opacity:0.15" />`,
        `<polyline points="${along(list, ({ dice }) => dice.mean)}" style="fill:none;stroke:${color};stroke-width:2" />`,
        `<rect x="${frame.left}" y="${at - 10}" width="12" height="12" style="fill:${color}" />`,
        text(frame.left + 18, at, variant),
      ];
    }),
  ]);
}
