import { describe, expect, it } from 'vitest';
import { linearTicks, logarithmicTicks, tickText } from './axis.ts';
import { createFrame } from './frame.ts';
import { lineChart } from './line-chart.ts';

describe('ticks', () => {
  it('are round and within the range', () => {
    expect(linearTicks(0, 1, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(linearTicks(0, 0.00315, 4)).toEqual([0, 0.001, 0.002, 0.003]);
    expect(linearTicks(-0.3, 0.3, 3)).toEqual([-0.2, 0, 0.2]);
    expect(linearTicks(2, 2, 5)).toEqual([2]);
  });

  it('are powers of ten on a logarithmic axis, with steps between where the range is small', () => {
    expect(logarithmicTicks(0.04, 3)).toEqual([0.05, 0.1, 0.2, 0.5, 1, 2]);
    expect(logarithmicTicks(1e-4, 10)).toEqual([1e-4, 1e-3, 0.01, 0.1, 1, 10]);
  });

  it('are written without the noise of binary fractions', () => {
    expect([0.1 + 0.2, 3e-4, -2, 200000].map(tickText)).toEqual(['0.3', '3e−4', '−2', '2e5']);
  });
});

describe('frame', () => {
  const size = { width: 480, height: 260 };
  const series = (values: (number | undefined)[]) => [{ name: 'a', style: 'a', values }];

  it('starts at 0 for positive values, with the higher value on top', () => {
    const frame = createFrame(series([1, 2]), size);
    expect(frame.isLogarithmic).toBe(false);
    expect(frame.y.position(0)).toBe(frame.bottom);
    expect(frame.y.position(2)).toBeLessThan(frame.y.position(1));
    expect([frame.x.position(1), frame.x.position(2)]).toEqual([frame.left, frame.right]);
  });

  it('is logarithmic where values differ too much, and shows all of them', () => {
    const frame = createFrame(series([0.01, undefined, 10]), size);
    expect(frame.isLogarithmic).toBe(true);
    for (const value of [0.01, 10]) {
      expect(frame.y.position(value)).toBeGreaterThan(frame.top);
      expect(frame.y.position(value)).toBeLessThan(frame.bottom);
    }
  });

  it('shows negative values and constants', () => {
    const frame = createFrame(series([-1, 1]), size);
    expect(frame.y.position(-1)).toBeLessThan(frame.bottom);
    expect(Number.isFinite(createFrame(series([0]), size).y.position(0))).toBe(true);
  });
});

describe('line chart', () => {
  const chart = {
    title: 'Loss <1>',
    xLabel: 'epoch',
    series: [
      { name: 'train & mask', style: 'total', values: [1, 0.5, undefined, 0.25] },
      { name: 'absent', style: 'mask', values: [undefined, undefined] },
    ],
    marked: { index: 3, text: 'best' },
  };
  const text = lineChart(chart).markup;

  it('draws lines with gaps where there is no value, and no line without any', () => {
    const [path, ...others] = [...text.matchAll(/<path class="line (\w+)" d="([^"]*)"/g)];
    expect(others).toEqual([]);
    expect(path![1]).toBe('total');
    expect(path![2]!.match(/[ML]/g)).toEqual(['M', 'L', 'M']);
  });

  it('tells the values under the pointer, and escapes names', () => {
    expect([...text.matchAll(/<title>([^<]*)<\/title>/g)].map((match) => match[1])).toEqual([
      'epoch 1\ntrain &#38; mask 1',
      'epoch 2\ntrain &#38; mask 0.5',
      'epoch 3',
      'epoch 4\ntrain &#38; mask 0.25',
    ]);
    expect(text).toContain('<strong>Loss &#60;1&#62;</strong>');
  });

  it('marks a point', () => {
    const frame = createFrame(chart.series.slice(0, 1), { width: 480, height: 260 });
    const [, x, y] = /<circle class="mark" cx="([\d.]+)" cy="([\d.]+)"/.exec(text)!;
    expect(Number(x)).toBeCloseTo(frame.x.position(4), 1);
    expect(Number(y)).toBeCloseTo(frame.y.position(0.25), 0);
  });

  it('puts values where they were measured, with the band of their spread', () => {
    const series = [
      { name: 'a', style: 'a', values: [0.2, 0.4, 0.6], xs: [10, 30, 60], spread: [0.1, undefined, 0.2] },
    ];
    const frame = createFrame(series, { width: 480, height: 260 }, [0, 1]);
    expect([frame.x.position(0), frame.x.position(60)]).toEqual([frame.left, frame.right]);
    const { markup } = lineChart({ title: 'Dice', xLabel: 'time, s', series, range: [0, 1] });
    const numbers = (path: string): number[] => path.match(/[\d.]+/g)!.map(Number);
    const line = numbers(/class="line a" d="([^"]*)"/.exec(markup)![1]!.replace(/l0 0/g, ''));
    expect(line.map((value) => Math.round(value))).toEqual(
      [10, 0.2, 30, 0.4, 60, 0.6].map((value, i) => Math.round((i % 2 ? frame.y : frame.x).position(value))),
    );
    // Along the upper edge and back along the lower one; not where there is no spread.
    const band = numbers(/class="spread a" d="([^"]*)"/.exec(markup)![1]!);
    const corners = [10, 0.3, 60, 0.8, 60, 0.4, 10, 0.1];
    corners.forEach((value, i) => expect(band[i]).toBeCloseTo((i % 2 ? frame.y : frame.x).position(value), 0));
    expect(markup).toContain('<title>a: 0.4 at 30</title>');
    expect(markup).not.toContain('class="band"');
  });
});
