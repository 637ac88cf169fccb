import { runConfiguration, type EpochRecord, type MetricsFile } from '@interseg/training';
import { expect, it } from 'vitest';
import type { RunContent } from './content/run-content.ts';
import { renderRunReport } from './render-run-report.ts';

const good = { dice: 0.8, jaccard: 0.667, sensitivity: 0.75, precision: 0.857, hd95: 4.25, assd: 1.125 };
const missed = { dice: 0, jaccard: 0, sensitivity: 0, precision: null, hd95: null, assd: null };
const metrics: MetricsFile = {
  variant: 'twi-unet',
  engine: 'wasm',
  cases: [{ id: 'case <1>', classes: { 'a & b': good, cyst: missed } }],
  mean: {
    ...good,
    dice: 0.4,
    classes: { 'a & b': good, cyst: missed },
    empty: { both: 0, prediction: 1, reference: 0 },
  },
  objects: {
    ...{ reference: 4, found: 3, missed: 1, predicted: 5, false: 1 },
    classes: {
      'a & b': { reference: 3, found: 3, missed: 0, predicted: 5, false: 1 },
      cyst: { reference: 1, found: 0, missed: 1, predicted: 0, false: 0 },
    },
  },
  small_objects: {
    strata: [
      { name: '', lower: 0, upper: 100, objects: 3, detected: 2, dice: 0.5, sensitivity: 0.4, falsePositives: 1 },
      { name: '', lower: 100, upper: 1000, objects: 0, detected: 0, dice: null, sensitivity: null, falsePositives: 0 },
      { name: '', lower: 1000, upper: null, objects: 1, detected: 1, dice: 0.9, sensitivity: 0.9, falsePositives: 0 },
    ],
  },
};

function record(epoch: number, valDice: number | undefined): EpochRecord {
  return { epoch, step: epoch, learningRate: 1e-3, trainLoss: 1 / epoch, lossImage: 0.5 / epoch, valDice, seconds: 30 };
}

const content: RunContent = {
  run: 'run-1',
  variantTitle: 'TWI-U-Net',
  variantDescription: 'Inter together with the tied-weight reconstruction.',
  dataset: '<img src=x onerror=alert(1)>',
  configuration: runConfiguration.parse({ data: 'folder', seed: 7 }),
  environment: { engineDescription: 'wasm (SIMD, 2 threads)', versions: { '@interseg/cli': '0.1.0' } },
  history: [record(1, 0.5), record(2, 0.7), record(3, 0.6)],
  features: [],
  split: { train: 7, validation: 1, test: 2 },
  parameters: 1_940_000,
  metrics,
  pictures: [],
  notes: ['Nothing & nobody.'],
};

/** The page's text without markup, spaces joined. */
function textOf(page: string): string {
  return page
    .replace(/<style>[^]*?<\/style>/, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');
}

it('shows what was trained, how well it segments and which epoch was best', () => {
  const text = textOf(renderRunReport(content));
  expect(text).toContain('TWI-U-Net on');
  expect(text).toContain('Training time 1 min 30 s');
  expect(text).toContain('test Dice 0.400');
  expect(text).toContain('validation Dice 0.700 epoch 2 of 3');
  expect(text).toContain('best: 0.700 in epoch 2');
  expect(text).toContain('parameters 1.94 M');
  expect(text).toContain('cases 7 · 1 · 2');
});

it('shows every case and class, explains dashes, and lists object sizes that occur', () => {
  const text = textOf(renderRunReport(content));
  expect(text).toContain('case &#60;1&#62; a &#38; b 0.800 0.667 0.750 0.857 4.3 1.13');
  expect(text).toContain('cyst 0.000 0.000 0.000 – – –');
  expect(text).toContain('1 × missed completely');
  expect(text).toContain('a &#38; b 3 3 0 5 1 cyst 1 0 1 0 0 all classes 4 3 1 5 1');
  expect(text).toContain('below 100 mm³ 3 2 0.500 0.400 1');
  expect(text).not.toContain('100 mm³ to 1 ml');
  expect(text).toContain('from 1 ml 1 1 0.900 0.900 0');
});

it('lists settings and environment', () => {
  const text = textOf(renderRunReport(content));
  expect(text).toContain('seed 7 decides initial weights');
  expect(text).toContain('learning-rate 0.002');
  expect(text).toContain('@interseg/cli 0.1.0');
});

it('escapes names, and loads nothing', () => {
  const page = renderRunReport(content);
  expect(page).not.toContain('<img');
  expect(page).not.toMatch(/<script|https?:\/\/|<link|url\(/);
});

it('says which post-processing was chosen, if any was to be', () => {
  expect(textOf(renderRunReport(content))).not.toContain('Post-processing');
  const score = { dice: 0.7, falseObjects: 5, missedObjects: 4 };
  const chosen = { threshold: 0.6, smallestObject: 0, largestComponent: true };
  const page = renderRunReport({
    ...content,
    postProcessing: {
      cases: 5,
      classes: [{ name: 'a & b', chosen, plain: score, score: { ...score, falseObjects: 2 } }],
    },
  });
  expect(textOf(page)).toContain(
    'chosen on 5 validation cases: a &#38; b: threshold 0.6, the largest component only (Dice 0.700 → 0.700, false objects 5 → 2, missed objects 4 as before).',
  );
});

it('reports the results of a version that did not count objects', () => {
  const { objects: _objects, ...older } = metrics;
  expect(textOf(renderRunReport({ ...content, metrics: older }))).not.toMatch(/Found|undefined/);
});

it('reports a run without any results', () => {
  const page = renderRunReport({
    ...content,
    history: [],
    metrics: undefined,
    split: undefined,
    parameters: undefined,
  });
  expect(textOf(page)).not.toMatch(/Test cases|Loss|NaN|undefined/);
});

it('shows pictures with outlines of each class, each image once', () => {
  const picture = {
    image: 'data:image/png;base64,AAAA',
    width: 100,
    height: 80,
    outlines: [{ kind: 'prediction' as const, name: 'a & b', path: 'M0 0L1 1Z' }],
    detail: { x: 10, y: 10, size: 20 },
    slice: 3,
    slices: 9,
    dice: [{ name: 'a & b', value: 0.8125 }],
  };
  const sides = { left: 'R', right: 'L', top: 'A', bottom: 'P' };
  const page = renderRunReport({ ...content, pictures: [{ id: 'case <1>', sides, pictures: [picture] }] });
  expect(page.match(/data:image\/png/g)).toHaveLength(1);
  expect(page).toContain('viewBox="10 10 20 20"');
  expect(page).toContain('<title>prediction: a &#38; b</title>');
  expect(textOf(page)).toContain('slice 3 of 9 · a &#38; b 0.81');
});
