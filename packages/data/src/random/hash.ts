/** The four 32-bit words of a generator's state, never all zero. */
export type State = [number, number, number, number];

/**
 * Hashes a text to the state of a generator: four lanes of a multiply-xor hash over the UTF-16 code units, each finished
 * by the mixing steps of MurmurHash3, so that seeds that differ in one character share nothing.
 */
export function hashToState(text: string): State {
  const lanes: State = [0x9e3779b9, 0x243f6a88, 0xb7e15162, 0x6a09e667];
  const factors: State = [0x85ebca6b, 0xc2b2ae35, 0x27d4eb2f, 0x165667b1];
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    for (let lane = 0; lane < 4; lane++) {
      const mixed = Math.imul(lanes[lane]! ^ unit, factors[lane]!);
      lanes[lane] = mixed ^ (mixed >>> 15);
    }
  }
  const state = lanes.map((lane) => finish(lane ^ text.length)) as State;
  if (state.every((word) => word === 0)) state[0] = 1;
  return state;
}

function finish(word: number): number {
  let value = word;
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return value ^ (value >>> 16);
}
