import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../../setup.mjs';
import { families } from './families.mjs';

const help = `usage: node tools/bench/quality.mjs --python PYTHON [options]

Trains nnU-Net v2 2d, a network of MONAI and InterSeg on the same patients for the same minutes of one core,
and scores the masks of the test patients with one program. A result that is there is not made again.

  --python FILE        Python with tools/python/requirements-quality.txt (required)
  --minutes M          processor minutes of training (8)
  --families a,b,…     ${Object.entries(families)
    .map(([name, { title }]) => `${name}: ${title}`)
    .join('\n                       ')}
                       (all)
  --seeds 1,2          each makes another data set of a family, and is the seed of training (1,2)
  --competitors LIST   of nnunet, monai and interseg (all)
  --recipe FILE        options of InterSeg, as for \`interseg train --config\`; may be given several times (none: its
                       defaults). plan: what \`interseg plan\` chooses; plan:FILE: what it chooses beside the file's
  --measure-pace FILE  only measure what an epoch of each competitor takes, in rounds, and add it to the file
  --rounds N           rounds of that (2)
  --pace FILE          what an epoch takes, measured before: it sets the epochs, so that a busy machine changes nothing
  --batch N            slices per step of nnU-Net and MONAI (8)
  --mirroring          average over mirrored copies at test time, for all
  --parallel N         competitors at a time, each on a core of its own (1)
  --cores LIST         numbers of the cores to use (0, 1, …)
  --output FOLDER      results, one JSON file each, and tables.md (studies/quality/results)
  --work FOLDER        data sets, runs, logs and masks (runs/quality)
  --interseg FILE      InterSeg's command for Node (one that is made from the sources of this checkout)
  --help`;

/** The options of the benchmark; ends the process for `--help` and for what it cannot understand. */
export function readOptions(words) {
  const text = (value) => ({ type: 'string', default: value });
  let values;
  try {
    ({ values } = parseArgs({
      args: words,
      options: {
        python: { type: 'string' },
        minutes: text('8'),
        families: text(Object.keys(families).join(',')),
        seeds: text('1,2'),
        competitors: text('nnunet,monai,interseg'),
        recipe: { type: 'string', multiple: true, default: [] },
        'measure-pace': { type: 'string' },
        rounds: text('2'),
        pace: { type: 'string' },
        batch: text('8'),
        mirroring: { type: 'boolean', default: false },
        parallel: text('1'),
        cores: { type: 'string' },
        output: text(join(root, 'studies', 'quality', 'results')),
        work: text(join(root, 'runs', 'quality')),
        interseg: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    }));
  } catch (error) {
    fail(error.message);
  }
  if (values.help) {
    console.log(help);
    process.exit(0);
  }
  const number = (name, word = values[name]) => {
    if (!(Number(word) > 0)) fail(`--${name}: found '${word}', expected a number above 0.`);
    return Number(word);
  };
  const chosen = (name, known) => {
    const list = values[name].split(',');
    const wrong = list.find((word) => !known.includes(word));
    if (wrong !== undefined) fail(`--${name}: found '${wrong}', expected some of ${known.join(', ')}.`);
    return list;
  };
  if (values.python === undefined) fail('--python: found nothing, expected a Python (see --help).');
  const parallel = number('parallel');
  const cores = values.cores?.split(',').map(Number) ?? [...Array(parallel).keys()];
  const own = cores.slice(0, parallel);
  if (own.length < parallel || own.some((core) => !(core >= 0 && core < availableParallelism()))) {
    fail(`--cores: found '${cores.join(',')}', expected ${parallel} of the ${availableParallelism()} from 0.`);
  }
  return {
    python: resolve(values.python),
    minutes: number('minutes'),
    families: chosen('families', Object.keys(families)),
    seeds: values.seeds.split(',').map((word) => number('seeds', word)),
    competitors: chosen('competitors', ['nnunet', 'monai', 'interseg']),
    recipes: values.recipe.map((word) => {
      const [, plan, file = word] = /^(plan)(?::(.+))?$/.exec(word) ?? [];
      return { planned: plan !== undefined, file: file === 'plan' ? undefined : resolve(file) };
    }),
    measurePace: values['measure-pace'] && resolve(values['measure-pace']),
    rounds: number('rounds'),
    pace: values.pace && resolve(values.pace),
    batch: number('batch'),
    mirroring: values.mirroring,
    cores: own,
    output: resolve(values.output),
    work: resolve(values.work),
    interseg: values.interseg && resolve(values.interseg),
  };
}

function fail(message) {
  console.error(message);
  process.exit(2);
}
