import { tissueIntensities } from './contrasts.ts';

/** How far out the necrotic core and the enhancing rim of a tumour reach, as radial positions. */
const coreRadius = 0.5;
const rimRadius = 0.75;

/** The label of BraTS at a radial position in a tumour: 1 is the necrotic core, 4 the enhancing rim, 2 oedema. */
export function tumourLabel(position: number): 1 | 2 | 4 {
  return position < coreRadius ? 1 : position < rimRadius ? 4 : 2;
}

/** Which of the contrasts the tissues have in t1, t1ce, t2 and flair. */
const contrastOfSequence = [0, 0, 1, 2];

/** {@link tissueIntensities} of a sequence of BraTS. */
export function bratsTissues(channel: number): readonly number[] {
  return tissueIntensities(contrastOfSequence[channel]!);
}

/** By how many times the contrast each part is brighter or darker than what is around, in t1, t1ce, t2 and flair. */
const contrastFactors: Readonly<Record<1 | 2 | 4, readonly number[]>> = {
  1: [-1.5, -1.5, 1, -0.5],
  2: [-0.5, -0.5, 1, 1],
  4: [-1, 1.5, 0.5, 0.5],
};

/** By which factor a tumour changes the intensity of the tissue that it replaces. */
export function tumourFactor(channel: number, contrast: number, position: number): number {
  return Math.max(0, 1 + contrast * contrastFactors[tumourLabel(position)][channel]!);
}
