import type { ClassFingerprint, Fingerprint, Spread } from '@interseg/training';

/** What a data set is like, in a few lines for people. */
export function fingerprintLines(fingerprint: Fingerprint): string[] {
  const { modality, channels, patients, cases, slices, spacing, size, intensities, classes } = fingerprint;
  const share = ((100 * slices.foreground) / slices.total).toFixed(0);
  return [
    `${cases} cases of ${patients} patients for training and validation; ${modality.toUpperCase()}: ${channels.join(', ')}`,
    `slices of ${range(size.rows)} × ${range(size.columns)} pixels of ${range(spacing.pixels)} mm, ${range(spacing.slices)} mm apart`,
    `${slices.foreground} of ${slices.total} slices with foreground (${share} %)`,
    ...classes.map(classLine),
    ...intensities.map(
      ({ channel, mean, standardDeviation, percentiles }) =>
        `${channel} in the foreground: ${digits(mean)} ± ${digits(standardDeviation)}, 99 % from ${digits(percentiles['0.5'])} to ${digits(percentiles['99.5'])}`,
    ),
  ];
}

function classLine({ name, cases, objects, voxelShare, diameter, volume, span }: ClassFingerprint): string {
  if (!diameter || !volume || !span) return `${name}: in no case`;
  const size = `${digits(diameter.median)} pixels across (one of ten at most ${digits(diameter.tenth)})`;
  return `${name}: ${objects} objects in ${cases} cases, ${digits(100 * voxelShare)} % of the voxels; ${size}, ${digits(volume.median / 1000)} ml, over ${digits(span.median)} slices`;
}

function range({ smallest, median, largest }: Spread): string {
  if (smallest === largest) return digits(median);
  return `${digits(median)} (${digits(smallest)} to ${digits(largest)})`;
}

function digits(value: number): string {
  return String(Number(value.toPrecision(3)));
}
