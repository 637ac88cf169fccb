import type { CaseVolume } from '@interseg/data';

/** Sentences about a scan that can be segmented, but does not look like what the model knows. */
export function doubtsAbout({ modality, channels, id }: Pick<CaseVolume, 'modality' | 'channels' | 'id'>): string[] {
  let [lowest, highest] = [Infinity, -Infinity];
  for (const channel of channels) {
    for (const value of channel) {
      if (value < lowest) lowest = value;
      if (value > highest) highest = value;
    }
  }
  const doubts: string[] = [];
  const range = `${id}: its values go from ${shown(lowest)} to ${shown(highest)}`;
  if (lowest === highest) {
    doubts.push(`${id}: every voxel has the value ${shown(lowest)}, so there is nothing to see.`);
  } else if (modality === 'ct' && lowest > -200) {
    doubts.push(`${range}, but the model was trained on CT, where air is near −1000. The mask may be wrong.`);
  } else if (modality === 'mr' && lowest < -900) {
    doubts.push(`${range}, as in CT, but the model was trained on MR. The mask may be wrong.`);
  }
  return doubts;
}

function shown(value: number): string {
  return String(Number(value.toPrecision(4))).replace('-', '−');
}
