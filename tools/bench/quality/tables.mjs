import { families } from './families.mjs';

/**
 * The results as Markdown: a table for each family, a row for each competitor and time. Dice, sensitivity and distance
 * are means over the seeds; objects are summed.
 *
 * @param {readonly object[]} results as stored by the benchmark
 */
export function tables(results) {
  const parts = Object.keys(families).flatMap((family) => {
    const own = results.filter((one) => one.family === family);
    if (own.length === 0) return [];
    const groups = Map.groupBy ? Map.groupBy(own, groupOf) : groupBy(own, groupOf);
    const rows = [...groups.values()].sort((x, y) => x[0].minutes - y[0].minutes || byName(x[0], y[0])).map(row);
    return [`## (${family}) ${families[family].title}\n\n${head}\n${rows.join('\n')}\n`];
  });
  return `# Masks at equal time\n\nWritten by \`tools/bench/quality.mjs\`; what the columns mean is in its README.\n\n${parts.join('\n')}`;
}

const titles = [
  '',
  'minutes',
  'seeds',
  'mean / median Dice',
  'found',
  'false',
  'voxels found < 1 ml',
  'HD95 mm',
  'epochs',
  'minutes used / on the clock',
];
const head = `| ${titles.join(' | ')} |\n|${titles.map((_, k) => (k === 0 ? ' --- |' : ' ---: |')).join('')}`;

function row(group) {
  const mean = (pick, digits) => {
    const values = group.map(pick).filter((value) => value !== null);
    return values.length === 0 ? '–' : (values.reduce((a, b) => a + b, 0) / values.length).toFixed(digits);
  };
  const sum = (pick) => group.reduce((total, one) => total + pick(one), 0);
  const [{ competitor, mirroring, minutes }] = group;
  const cells = [
    competitor + (mirroring ? ' (mirrored)' : ''),
    minutes,
    group
      .map(({ seed }) => seed)
      .sort((a, b) => a - b)
      .join(', '),
    `${mean(({ summary }) => summary.meanDice, 3)} / ${mean(({ summary }) => summary.medianDice, 3)}`,
    `${sum(({ summary }) => summary.found)} of ${sum(({ summary }) => summary.objects)}`,
    sum(({ summary }) => summary.false),
    mean(({ summary }) => summary.smallSensitivity, 3),
    mean(({ summary }) => summary.hd95, 1),
    group.map(({ epochs }) => epochs).join(', '),
    `${mean(({ cpuMinutes }) => cpuMinutes, 1)} / ${mean(({ wallMinutes }) => wallMinutes, 1)}`,
  ];
  return `| ${cells.join(' | ')} |`;
}

const groupOf = ({ competitor, mirroring, minutes }) => `${minutes} ${competitor} ${mirroring}`;
const byName = (a, b) => order(a) - order(b) || a.competitor.localeCompare(b.competitor);
const order = ({ competitor }) => ['nnunet', 'monai'].indexOf(competitor) + (competitor.startsWith('interseg') ? 3 : 0);

function groupBy(list, key) {
  const groups = new Map();
  for (const one of list) groups.set(key(one), [...(groups.get(key(one)) ?? []), one]);
  return groups;
}
