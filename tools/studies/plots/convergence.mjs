import { line, points, svg, text } from './svg.mjs';

const [columns, width, height, gap] = [3, 330, 170, 16];
const frame = { left: 34, right: 8, top: 26, bottom: 24 };

/** Validation Dice by epoch, a panel per network: its mean over seeds ± one standard deviation, and the baseline's mean in grey. */
export function convergencePlot({ variants, runs }) {
  const curves = new Map(variants.map(({ variant }) => [variant, meanCurve(runs, variant)]));
  const [baseline, ...others] = variants.map(({ variant }) => variant);
  const epochs = Math.max(...[...curves.values()].map(({ length }) => length));
  const tops = [...curves.values()].flat().map(({ mean, deviation }) => mean + deviation);
  const highest = Math.min(1, Math.ceil(Math.max(0.1, ...tops) * 10) / 10);
  const rows = Math.ceil(others.length / columns);
  const panels = others.map((name, index) => {
    const [left, top] = [(index % columns) * (width + gap), Math.floor(index / columns) * (height + gap)];
    const x = (epoch) =>
      left + frame.left + ((epoch - 1) / Math.max(1, epochs - 1)) * (width - frame.left - frame.right);
    const y = (dice) =>
      top + frame.top + (1 - Math.min(highest, Math.max(0, dice)) / highest) * (height - frame.top - frame.bottom);
    const along = (curve, value) => points(curve.map((point, epoch) => [x(epoch + 1), y(value(point))]));
    const curve = curves.get(name);
    const upper = along(curve, ({ mean, deviation }) => mean + deviation);
    const lower = along([...curve], ({ mean, deviation }) => mean - deviation)
      .split(' ')
      .reverse()
      .join(' ');
    return [
      text(left + frame.left, top + 14, name, 'class="name"'),
      [0, highest / 2, highest].map((dice) => [
        line(x(1), y(dice), x(epochs), y(dice), 'grid'),
        text(left + frame.left - 6, y(dice) + 4, dice.toFixed(2), 'text-anchor="end"'),
      ]),
      text(x(1), top + height - 6, '1'),
      text(x(epochs), top + height - 6, `epoch ${epochs}`, 'text-anchor="end"'),
      `<polyline class="reference" points="${along(curves.get(baseline), ({ mean }) => mean)}" />`,
      `<polygon class="band" points="${upper} ${lower}" />`,
      `<polyline class="line" points="${along(curve, ({ mean }) => mean)}" />`,
    ];
  });
  const [fullWidth, fullHeight] = [columns * (width + gap) - gap, rows * (height + gap) + 8];
  return svg(fullWidth, fullHeight, `Validation Dice by epoch; ${baseline} in grey`, [
    panels,
    text(frame.left, fullHeight - 4, `Validation Dice: mean over seeds ± one standard deviation; grey: ${baseline}`),
  ]);
}

/** Up to the epoch at which the first run ends. A Dice that does not exist counts as 0. */
function meanCurve(runs, name) {
  const curves = runs.filter(({ variant }) => variant === name).map(({ validation }) => validation);
  return Array.from({ length: Math.min(...curves.map(({ length }) => length)) }, (_, epoch) => {
    const values = curves.map((curve) => curve[epoch].dice ?? 0);
    const mean = values.reduce((a, b) => a + b) / values.length;
    const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    return { mean, deviation: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0 };
  });
}
