import { readFileSync } from 'node:fs';

/** What processors call their instructions for bf16, fastest first: products of tiles, and of vectors. */
const instructions = ['amx_bf16', 'avx512_bf16'];

/**
 * Finds the processor's instructions for bf16. Without them TensorFlow would compute it by float32, more slowly.
 *
 * @param describe gives the description of the processor, as in `/proc/cpuinfo`
 * @returns `amx_bf16` or `avx512_bf16`; undefined if the processor has neither or does not say
 */
export function findBf16(describe: () => string = readProcessor): string | undefined {
  const flags = /^flags\s*:(.*)$/m.exec(describe())?.[1]?.trim().split(/\s+/) ?? [];
  return instructions.find((name) => flags.includes(name));
}

function readProcessor(): string {
  try {
    return readFileSync('/proc/cpuinfo', 'utf8');
  } catch {
    // Not Linux: no processor there has them.
    return '';
  }
}
