import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { NormalizationSizes } from '../../fused-normalization.ts';
import { mergeRows } from './merge-rows.ts';
import type { Program, ProgramBackend, Uniform } from './program.ts';
import { shareMiddle, threads } from './sum-middle.ts';

/** Two numbers of each part of the positions, of each set and channel: `[sets, parts, 2, channels]`. */
export interface Parts {
  readonly sums: TensorInfo;
  readonly count: number;
  readonly perPart: number;
}

/** What the threads of a workgroup with the same channel do: each goes through its positions, then two merge into one. */
export interface PartCode {
  readonly each: string;
  readonly merge: string;
}

const merged = `
    // Counts, means and sums of squared deviations of two samples; each count may be 0.
    fn mergeTwo(a : vec3<f32>, b : vec3<f32>) -> vec3<f32> {
      let count = a[0] + b[0];
      let share = select(0.0, b[0] / count, count > 0.0);
      let apart = b[1] - a[1];
      return vec3<f32>(count, a[1] + apart * share, a[2] + b[2] + apart * apart * a[0] * share);
    }`;

const sizesOf = ({ sets, rows, channels, groupSize }: NormalizationSizes): Uniform => ({
  type: 'int32',
  data: [sets, rows, channels, groupSize],
});

/** Computes two numbers of each part of the positions. */
export function runOnParts(
  backend: ProgramBackend,
  sizes: NormalizationSizes,
  name: string,
  inputs: Record<string, TensorInfo>,
  code: PartCode,
): Parts {
  const { sets, rows, channels } = sizes;
  const { columns, parts, perPart } = shareMiddle({ outer: sets, middle: rows, inner: channels });
  const lanes = threads / columns;
  const program: Program = {
    outputShape: [sets, parts, 2, channels],
    variableNames: Object.keys(inputs),
    uniforms: 'sizes : vec4<i32>, perPart : i32,',
    workgroupSize: [threads, 1, 1],
    dispatchLayout: { x: [3], y: [1], z: [0] },
    dispatch: [Math.ceil(channels / columns), parts, sets],
    shaderKey: `intersegNormalization${name}_${columns}`,
    getUserCode: () => `
    ${merged}
    fn addTwo(a : vec3<f32>, b : vec3<f32>) -> vec3<f32> {
      return a + b;
    }
    var<workgroup> found : array<vec3<f32>, ${threads}>;
    fn main() {
      let channel = i32(workgroupId.x) * ${columns} + i32(localIndex) % ${columns};
      let lane = i32(localIndex) / ${columns};
      let part = i32(workgroupId.y);
      let sample = i32(workgroupId.z);
      let first = part * uniforms.perPart + lane;
      let end = min((part + 1) * uniforms.perPart, uniforms.sizes[1]);
      let step = ${lanes};
      var own = vec3<f32>(0.0);
      if (channel < uniforms.sizes[2]) {
        ${code.each}
      }
      found[localIndex] = own;
      ${mergeRows({ values: 'found', row: 'lane', rows: lanes, columns, merge: (a, b) => `${code.merge}(${a}, ${b})` })}
      if (lane == 0 && channel < uniforms.sizes[2]) {
        let at = (sample * uniforms.outShape[1] + part) * 2 * uniforms.sizes[2] + channel;
        result[at] = found[localIndex][1];
        result[at + uniforms.sizes[2]] = found[localIndex][2];
      }
    }`,
  };
  const uniforms: Uniform[] = [sizesOf(sizes), { type: 'int32', data: [perPart] }];
  const sums = backend.runWebGPUProgram(program, Object.values(inputs), 'float32', uniforms);
  return { sums, count: parts, perPart };
}

/** Computes one number of each set and channel from those of the parts. */
export function combine(
  backend: ProgramBackend,
  sizes: NormalizationSizes,
  name: string,
  { sums, count, perPart }: Parts,
  code: string,
  epsilon = 0,
): TensorInfo {
  const { sets, channels } = sizes;
  const program: Program = {
    outputShape: [sets, channels],
    variableNames: ['parts'],
    uniforms: 'sizes : vec4<i32>, parts : vec2<i32>, epsilon : f32,',
    workgroupSize: [64, 1, 1],
    dispatchLayout: { x: [0, 1] },
    dispatch: [Math.ceil((sets * channels) / 64), 1, 1],
    shaderKey: `intersegNormalizationOf${name}`,
    getUserCode: () => `
    ${merged}
    fn main(index : i32) {
      if (index < uniforms.sizes[0] * uniforms.sizes[2]) {
        let sample = index / uniforms.sizes[2];
        let channel = index % uniforms.sizes[2];
        ${code}
      }
    }`,
  };
  return backend.runWebGPUProgram(program, [sums], 'float32', [
    sizesOf(sizes),
    { type: 'int32', data: [count, perPart] },
    { type: 'float32', data: [epsilon] },
  ]);
}

/** Computes each number of `[sets, rows, channels]`. */
export function runOnAll(
  backend: ProgramBackend,
  sizes: NormalizationSizes,
  name: string,
  inputs: Record<string, TensorInfo>,
  [value, before = '']: readonly [string, string?],
): TensorInfo {
  const { sets, rows, channels } = sizes;
  const program: Program = {
    outputShape: [sets, rows, channels],
    variableNames: Object.keys(inputs),
    uniforms: 'sizes : vec4<i32>,',
    workgroupSize: [256, 1, 1],
    dispatchLayout: { x: [0, 1, 2] },
    dispatch: [Math.ceil((sets * rows * channels) / 256), 1, 1],
    shaderKey: `intersegNormalization${name}`,
    getUserCode: () => `
    fn main(index : i32) {
      if (index < uniforms.sizes[0] * uniforms.sizes[1] * uniforms.sizes[2]) {
        let sample = index / (uniforms.sizes[1] * uniforms.sizes[2]);
        let channel = index % uniforms.sizes[2];
        let at = sample * uniforms.sizes[2] + channel;
        ${before}
        result[index] = ${value};
      }
    }`,
  };
  return backend.runWebGPUProgram(program, Object.values(inputs), 'float32', [sizesOf(sizes)]);
}
