import type { SliceSettings } from '../slice-settings.ts';

/**
 * The channels of the network's input: those of the images, for the slice and its context.
 *
 * @param channels of the images
 */
export function inputChannels({ context = 0 }: Pick<SliceSettings, 'context'>, channels: number): number {
  return channels * (2 * context + 1);
}

/**
 * The slices whose channels are the network's input for a slice: as many before it as `context` says, the slice itself, and
 * as many after it. With a `contextSpacing`, each is the slice nearest to its place in mm, so that scans with other gaps
 * show the same extent; the same slice may then occur more than once. Beyond the volume stands the outermost slice.
 *
 * @param slices how many slices the case has
 * @param gap millimetres between them
 * @returns 2·context + 1 indices in ascending order
 */
export function inputSlices(
  { context = 0, contextSpacing }: Pick<SliceSettings, 'context' | 'contextSpacing'>,
  { slices, gap }: { slices: number; gap: number },
  slice: number,
): number[] {
  const step = contextSpacing === undefined ? 1 : contextSpacing / gap;
  return Array.from({ length: 2 * context + 1 }, (_, index) => {
    // Rounded away from the slice on both sides, so that the context is symmetric.
    const offset = Math.sign(index - context) * Math.round(Math.abs(index - context) * step);
    return Math.min(slices - 1, Math.max(0, slice + offset));
  });
}
