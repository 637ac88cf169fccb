import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { askPython, measured } from './measured.mjs';
import { epochsWithin, paceOf } from './pace.mjs';

/**
 * Lets one competitor learn from a data set for so many minutes of one core, segments the test patients with what it
 * learnt and scores the masks.
 *
 * The number of epochs comes from a pace that was measured before or, without one, from a short training of its own that
 * is not counted, so that the competitor's whole schedule fits the time.
 *
 * @param {string} python
 * @param {object} competitor see `competitors/`
 * @param {object} data the description of `makeDataSet`
 * @param {{ folder: string, minutes: number, core: number | null, pace?: object, say: (what: string) => void }} options
 *   `pace` as `measurePace` gives it
 */
export async function compete(python, competitor, data, { folder, minutes, core, pace, say }) {
  const { run, place } = workshop(python, folder, core);
  const preparation = competitor.prepare && (await run('prepare', competitor.prepare(data, folder)));
  if (pace === undefined) say('times its epochs');
  const { epochSeconds, start } = pace ?? (await timeEpochs({ run, place }, competitor, data, folder));
  const epochs = epochsWithin({ epochSeconds, start }, 60 * minutes);
  say(`trains for ${epochs} epochs of ${epochSeconds.toFixed(1)} s`);
  const training = await run('train', competitor.train(data, place('final'), epochs, folder));
  say('segments the test patients');
  const masks = place('masks');
  const prediction = await run('predict', competitor.predict(data, join(folder, 'final'), masks, folder));
  const cases = data.parts.test.map((id) => ({
    id,
    prediction: join(masks, `${id}.nii.gz`),
    reference: join(data.testLabels, `${id}.nii.gz`),
  }));
  const lacking = cases.find((one) => !existsSync(one.prediction));
  if (lacking) throw new Error(`${lacking.prediction}: found no such file, expected the mask of ${lacking.id}.`);
  const { summary, rows } = await askPython(python, 'score', { cases, classes: data.classes }, folder);
  const recipe = competitor.recipeFile?.(folder);
  rmSync(join(folder, 'final'), { recursive: true, force: true });
  return {
    epochs,
    epochSeconds,
    paced: pace !== undefined,
    cpuMinutes: training.cpu / 60,
    wallMinutes: training.wall / 60,
    preparationSeconds: preparation ? preparation.cpu : 0,
    predictionSeconds: prediction.cpu,
    memory: training.memory,
    recipe: recipe && withoutPaths(readFileSync(recipe, 'utf8')),
    summary,
    rows,
  };
}

/**
 * What an epoch of a competitor takes, and its start, in seconds of the processor.
 *
 * @returns {Promise<{ epochSeconds: number, start: number }>}
 */
export async function measurePace(python, competitor, data, { folder, core }) {
  const { run, place } = workshop(python, folder, core);
  if (competitor.prepare) await run('prepare', competitor.prepare(data, folder));
  const pace = await timeEpochs({ run, place }, competitor, data, folder);
  rmSync(folder, { recursive: true, force: true });
  return pace;
}

/** An empty folder, with what makes folders in it and runs commands that are measured. */
function workshop(python, folder, core) {
  rmSync(folder, { recursive: true, force: true });
  const place = (name) => {
    const made = join(folder, name);
    mkdirSync(made, { recursive: true });
    return made;
  };
  place('.');
  return { place, run: (name, request) => measured(python, { name, folder, core, ...request }) };
}

async function timeEpochs({ run, place }, competitor, data, folder) {
  const trial = place('trial');
  const { marks } = await run('calibrate', {
    ...competitor.train(data, trial, trialEpochs, folder),
    stopAfter: { epochs: 3, seconds: 15 },
  });
  rmSync(trial, { recursive: true, force: true });
  return paceOf(marks);
}

/** Where the data were on this machine says nothing about the recipe. */
const withoutPaths = (text) => text.replaceAll(/^(data|split): .*\n/gm, '');

/** More than fit in any calibration: a schedule over them is at its start all the time. */
const trialEpochs = 1000;
