import type { TensorInfo } from '@tensorflow/tfjs-core';
import { mergeRows, plus } from './merge-rows.ts';
import { manyWorkgroups, type Program, type ProgramBackend } from './program.ts';

/** The threads of a workgroup: neighbouring columns, and as many rows of them as there is room for. */
export const threads = 256;
/** The fewest terms that are worth a workgroup of their own. */
const fewestTerms = 512;

/** A tensor seen as `[outer, middle, inner]`. */
export interface Extents {
  readonly outer: number;
  readonly middle: number;
  readonly inner: number;
}

/** How workgroups share the middle axis of a tensor: which columns each sees at a time, and which part of the axis. */
export function shareMiddle({ outer, middle, inner }: Extents): { columns: number; parts: number; perPart: number } {
  const columns = Math.min(64, 2 ** Math.ceil(Math.log2(inner)));
  const others = outer * Math.ceil(inner / columns);
  const parts = Math.max(1, Math.min(Math.floor(middle / fewestTerms), Math.ceil(manyWorkgroups / others)));
  return { columns, parts, perPart: Math.ceil(middle / parts) };
}

/**
 * Sums over the middle axis of `[outer, middle, inner]`, and scales the sums, without moving the tensor's numbers first.
 * Neighbouring threads read neighbouring numbers. Long sums are taken in parts, whose sums are summed in turn.
 *
 * @returns a tensor `[outer, 1, inner]`
 */
export function sumMiddle(backend: ProgramBackend, x: TensorInfo, extents: Extents, scale = 1): TensorInfo {
  const { outer, middle, inner } = extents;
  const { columns, parts, perPart } = shareMiddle(extents);
  const program: Program = {
    outputShape: [outer, parts, inner],
    variableNames: ['x'],
    uniforms: 'extents : vec4<i32>, scale : f32,',
    workgroupSize: [threads, 1, 1],
    dispatchLayout: { x: [2], y: [1], z: [0] },
    dispatch: [Math.ceil(inner / columns), parts, outer],
    shaderKey: `intersegSumMiddle_${columns}`,
    getUserCode: () => code(columns),
  };
  const isLast = parts === 1;
  const sums = backend.runWebGPUProgram(program, [x], 'float32', [
    { type: 'int32', data: [middle, inner, parts, perPart] },
    { type: 'float32', data: [isLast ? scale : 1] },
  ]);
  if (isLast) return sums;
  const total = sumMiddle(backend, sums, { outer, middle: parts, inner }, scale);
  backend.disposeData(sums.dataId);
  return total;
}

function code(columns: number): string {
  const rows = threads / columns;
  return `
    var<workgroup> sums : array<f32, ${threads}>;
    fn main() {
      let lane = i32(localIndex) % ${columns};
      let row = i32(localIndex) / ${columns};
      let middle = uniforms.extents[0];
      let inner = uniforms.extents[1];
      let column = i32(workgroupId.x) * ${columns} + lane;
      let part = i32(workgroupId.y);
      let outer = i32(workgroupId.z);
      let first = part * uniforms.extents[3];
      let end = min(first + uniforms.extents[3], middle);
      var sum = 0.0;
      if (column < inner) {
        for (var k = first + row; k < end; k = k + ${rows}) {
          // What was cast from another type is still stored as such.
          sum = sum + f32(x[(outer * middle + k) * inner + column]);
        }
      }
      sums[localIndex] = sum;
      ${mergeRows({ values: 'sums', row: 'row', rows, columns, merge: plus })}
      if (row == 0 && column < inner) {
        result[(outer * uniforms.extents[2] + part) * inner + column] = sums[localIndex] * uniforms.scale;
      }
    }
  `;
}
