import { type TensorInfo, util } from '@tensorflow/tfjs-core';
import type { KernelDefinition } from './kernel.ts';
import { mergeRows, plus } from './merge-rows.ts';
import type { Program, ProgramBackend } from './program.ts';

const threads = 256;
/** Every GPU takes eight buffers at once, of which one is the result's. */
const mostAtOnce = 7;
/** The numbers that a thread is given before there is another workgroup, and the most workgroups. */
const [perThread, mostWorkgroups] = [16, 256];

/**
 * `SumOfSquares`, which TensorFlow.js does not have: the squares of all numbers in all inputs, summed to one number. It
 * takes tensors of any shapes, seven in a program, always in the same order.
 */
export const sumOfSquares: KernelDefinition = {
  name: 'SumOfSquares',
  create:
    () =>
    ({ inputs, backend }) =>
      sumAll(backend, Object.values(inputs) as TensorInfo[], true),
};

function sumAll(backend: ProgramBackend, all: readonly TensorInfo[], areSquared: boolean): TensorInfo {
  const sums: TensorInfo[] = [];
  for (let at = 0; at < all.length; at += mostAtOnce) {
    sums.push(sumSome(backend, all.slice(at, at + mostAtOnce), areSquared));
  }
  if (sums.length === 1 && util.sizeFromShape(sums[0]!.shape) === 1) return { ...sums[0]!, shape: [] };
  const total = sumAll(backend, sums, false);
  for (const { dataId } of sums) backend.disposeData(dataId);
  return total;
}

/** Sums to one number for each workgroup. */
function sumSome(backend: ProgramBackend, some: readonly TensorInfo[], areSquared: boolean): TensorInfo {
  const flat = some.map((one) => ({ ...one, shape: [util.sizeFromShape(one.shape)] }));
  const size = flat.reduce((sum, { shape }) => sum + shape[0]!, 0);
  const workgroups = Math.max(1, Math.min(mostWorkgroups, Math.ceil(size / (threads * perThread))));
  const program: Program = {
    outputShape: [workgroups],
    variableNames: flat.map((_, at) => `x${at}`),
    uniforms: 'sizes : vec4<i32>, moreSizes : vec4<i32>,',
    workgroupSize: [threads, 1, 1],
    dispatchLayout: { x: [0] },
    dispatch: [workgroups, 1, 1],
    shaderKey: `intersegSumOfSquares_${areSquared}`,
    getUserCode: () => code(flat.length, areSquared),
  };
  const sizes = Array.from({ length: 8 }, (_, at) => flat[at]?.shape[0] ?? 0);
  return backend.runWebGPUProgram(program, flat, 'float32', [
    { type: 'int32', data: sizes.slice(0, 4) },
    { type: 'int32', data: sizes.slice(4) },
  ]);
}

function code(count: number, areSquared: boolean): string {
  const loops = Array.from({ length: count }, (_, at) => {
    const size = at < 4 ? `uniforms.sizes[${at}]` : `uniforms.moreSizes[${at - 4}]`;
    return `
      for (var k = first; k < ${size}; k = k + step) {
        // What was cast from another type is still stored as such.
        let number = f32(x${at}[k]);
        sum = sum + ${areSquared ? 'number * number' : 'number'};
      }`;
  });
  return `
    var<workgroup> sums : array<f32, ${threads}>;
    fn main(index : i32) {
      let first = index;
      let step = i32(numWorkgroups.x) * ${threads};
      var sum = 0.0;
      ${loops.join('')}
      sums[localIndex] = sum;
      ${mergeRows({ values: 'sums', row: 'i32(localIndex)', rows: threads, columns: 1, merge: plus })}
      if (localIndex == 0u) {
        result[workgroupId.x] = sums[0];
      }
    }
  `;
}
