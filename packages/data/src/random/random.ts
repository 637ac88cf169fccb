import { hashToState } from './hash.ts';

/**
 * A seeded source of random numbers: the same seed gives the same numbers on every machine and in every process.
 * Not for secrets.
 */
export interface Random {
  /** The next number, uniform in [0, 1), with 53 random bits. */
  next(): number;
  /** The next number, uniform in [low, high). */
  uniform(low: number, high: number): number;
  /** The next whole number, uniform in [0, bound); `bound` is a whole number from 1 to 2³². */
  integer(bound: number): number;
  /** The next number of the normal distribution with mean 0 and standard deviation 1. */
  normal(): number;
  /** Shuffles an array in place (every order is equally probable) and returns it. */
  shuffle<T>(array: T[]): T[];
  /**
   * An independent source named after what it is for. It depends on this source's seed and the name alone, not on how
   * many numbers were drawn, so that adding a draw in one place changes nothing elsewhere.
   */
  fork(name: string): Random;
}

/**
 * A {@link Random} for a seed: xoshiro128** whose state is a hash of the seed.
 *
 * @param seed any number or text; `1` and `'1'` are the same seed
 */
export function createRandom(seed: number | string): Random {
  return fromKey(String(seed));
}

function fromKey(key: string): Random {
  let [a, b, c, d] = hashToState(key);
  let spare: number | undefined;

  const bits = (): number => {
    const product = Math.imul(b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return result;
  };
  const next = (): number => {
    const high = bits() >>> 5;
    const low = bits() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  };
  const integer = (bound: number): number => Math.floor(next() * bound);

  return {
    next,
    integer,
    uniform: (low, high) => low + (high - low) * next(),
    normal() {
      if (spare !== undefined) {
        const value = spare;
        spare = undefined;
        return value;
      }
      // Box-Muller; 1 - next() is in (0, 1], where the logarithm is finite.
      const radius = Math.sqrt(-2 * Math.log(1 - next()));
      const angle = 2 * Math.PI * next();
      spare = radius * Math.sin(angle);
      return radius * Math.cos(angle);
    },
    shuffle(array) {
      for (let last = array.length - 1; last > 0; last--) {
        const other = integer(last + 1);
        const moved = array[last]!;
        array[last] = array[other]!;
        array[other] = moved;
      }
      return array;
    },
    fork: (name) => fromKey(`${key}/${name}`),
  };
}
