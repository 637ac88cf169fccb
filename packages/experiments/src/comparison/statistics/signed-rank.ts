import { midRanks } from './mid-ranks.ts';
import { twoSidedNormal } from './normal.ts';

/** Wilcoxon's signed-rank test of paired differences, two-sided. */
export interface SignedRankTest {
  /** Differences in all. */
  n: number;
  /** Those that are 0. */
  zeros: number;
  /** Sum of the ranks of the positive differences, and of the negative ones. */
  positiveRanks: number;
  negativeRanks: number;
  p: number;
  /** Whether `p` comes from all assignments of signs (up to `mostExact` differences) or from the normal approximation. */
  isExact: boolean;
  /** The smallest p that so many differences can give, whatever their size: 2^(1 − number of differences that are not 0). */
  smallestP: number;
}

/** Beyond it the exact distribution is slow to count and the normal approximation as good. */
const mostExact = 100;

/** Differences of means are equal when they differ by rounding only. */
const digits = 12;

/**
 * Wilcoxon's signed-rank test (Biometrics Bulletin 1, 1945) whether paired differences are symmetric about 0. Equal
 * sizes share mid-ranks. Zeros are handled as Pratt proposed (JASA 54, 1959): ranked with the others, then left out. The
 * distribution is conditional on the ranks: every assignment of signs to them is equally likely, which is exact with ties
 * and zeros too.
 */
export function signedRankTest(differences: readonly number[]): SignedRankTest {
  const rounded = differences.map((difference) => Number(difference.toFixed(digits)));
  const ranks = midRanks(rounded.map(Math.abs));
  const sumWhere = (sign: number): number =>
    rounded.reduce((sum, value, index) => (Math.sign(value) === sign ? sum + ranks[index]! : sum), 0);
  const [positiveRanks, negativeRanks] = [sumWhere(1), sumWhere(-1)];
  const used = ranks.filter((_, index) => rounded[index] !== 0);
  const isExact = used.length <= mostExact;
  const statistic = Math.min(positiveRanks, negativeRanks);
  return {
    n: rounded.length,
    zeros: rounded.length - used.length,
    positiveRanks,
    negativeRanks,
    p: isExact ? exactP(used, statistic) : normalP(used, statistic),
    isExact,
    smallestP: Math.min(1, 2 ** (1 - used.length)),
  };
}

/** Twice the share of the 2^n assignments of signs whose sum of positive ranks is at most the statistic. */
function exactP(ranks: readonly number[], statistic: number): number {
  // Mid-ranks are multiples of 1/2.
  const doubled = ranks.map((rank) => Math.round(2 * rank));
  const limit = Math.round(2 * statistic);
  // At [s]: the share of assignments with the sum s.
  let shares = new Float64Array(limit + 1);
  shares[0] = 1;
  for (const rank of doubled) {
    const next = new Float64Array(limit + 1);
    for (let sum = 0; sum <= limit; sum++) {
      next[sum] = (shares[sum]! + (sum >= rank ? shares[sum - rank]! : 0)) / 2;
    }
    shares = next;
  }
  return Math.min(1, 2 * shares.reduce((a, b) => a + b, 0));
}

/** Of the sum of positive ranks: mean Σr/2, variance Σr²/4, in which ties and zeros are counted as they are. */
function normalP(ranks: readonly number[], statistic: number): number {
  const mean = ranks.reduce((sum, rank) => sum + rank, 0) / 2;
  const variance = ranks.reduce((sum, rank) => sum + rank * rank, 0) / 4;
  return twoSidedNormal((statistic - mean) / Math.sqrt(variance));
}
