import { backend_util, type TensorInfo } from '@tensorflow/tfjs-core';
import type { KernelDefinition } from './kernel.ts';
import { each, manyWorkgroups, type Program } from './program.ts';
import { sumMiddle } from './sum-middle.ts';

type Shape4D = [number, number, number, number];

/** The threads of a workgroup. */
const threads = 64;
/** The rows of the result that a workgroup computes. */
const height = 64;
/** The pixels whose products are summed between two loads from the GPU's memory. */
const depth = 16;
/** The fewest pixels that are worth a workgroup of their own. */
const fewestPixels = 256;

/**
 * The gradient of a convolution with respect to its filter. It is the product of the image's patches, `[filter height ·
 * width · input channels, pixels]`, and the gradient of the output, `[pixels, output channels]`, without the patches ever
 * being written. There are many more pixels than rows and columns, so that workgroups share the pixels, too, and their
 * sums are summed afterwards, always in the same order.
 */
export const conv2dBackpropFilter: KernelDefinition = {
  name: 'Conv2DBackpropFilter',
  create: (stock) => (call) => {
    const { x, dy } = call.inputs as Record<'x' | 'dy', TensorInfo>;
    const { strides, pad, dimRoundingMode, dataFormat, filterShape } = call.attrs as unknown as {
      strides: [number, number];
      pad: 'same' | 'valid' | number;
      dimRoundingMode?: 'floor' | 'round' | 'ceil';
      dataFormat: 'NHWC' | 'NCHW';
      filterShape: Shape4D;
    };
    if (dataFormat !== 'NHWC') return stock('Conv2DBackpropFilter')(call);
    const c = backend_util.computeConv2DInfo(x.shape as Shape4D, filterShape, strides, 1, pad, dimRoundingMode);
    const [rows, columns] = [c.filterHeight * c.filterWidth * c.inChannels, c.outChannels];
    const pixels = c.batchSize * c.outHeight * c.outWidth;
    const width = columns <= 16 ? 16 : 32;
    const components = c.inChannels % 4 === 0 && columns % 4 === 0 ? 4 : 1;
    const tiles = [Math.ceil(rows / height), Math.ceil(columns / width)] as const;
    const wanted = Math.ceil(manyWorkgroups / (tiles[0] * tiles[1]));
    const parts = Math.max(1, Math.min(wanted, Math.floor(pixels / fewestPixels)));
    // A whole number of loads, so that only the last part has an incomplete one.
    const perPart = Math.ceil(pixels / parts / depth) * depth;
    const program: Program = {
      outputShape: [parts, rows, columns],
      variableNames: ['x', 'dy'],
      variableComponents: [components, components],
      outputComponent: components,
      uniforms: 'filterExtents : vec2<i32>, strides : vec2<i32>, pads : vec2<i32>, pixels : vec2<i32>,',
      workgroupSize: [threads, 1, 1],
      dispatchLayout: { x: [1], y: [2], z: [0] },
      dispatch: [tiles[0], tiles[1], parts],
      shaderKey: `intersegFilterGradient_${width}_${components}`,
      getUserCode: () => code(width, components),
    };
    const sums = call.backend.runWebGPUProgram(program, [x, dy], 'float32', [
      { type: 'int32', data: [c.filterHeight, c.filterWidth] },
      { type: 'int32', data: [c.strideHeight, c.strideWidth] },
      { type: 'int32', data: [c.padInfo.top, c.padInfo.left] },
      { type: 'int32', data: [pixels, perPart] },
    ]);
    if (parts === 1) return { ...sums, shape: filterShape };
    const total = sumMiddle(call.backend, sums, { outer: 1, middle: parts, inner: rows * columns });
    call.backend.disposeData(sums.dataId);
    return { ...total, shape: filterShape };
  },
};

/** Numbers are loaded and multiplied by fours; all loops over a thread's own numbers are written out, so that these are in registers. */
function code(width: number, components: 1 | 4): string {
  const [quadRows, quadColumns] = [height / 4, width / 4];
  const down = threads / quadColumns;
  const perThread = quadRows / down;
  return `
    var<workgroup> patches : array<array<vec4<f32>, ${quadRows}>, ${depth}>;
    var<workgroup> gradients : array<array<vec4<f32>, ${quadColumns}>, ${depth}>;
    // Of each pixel: its sample's first pixel in x, the row and the column of its patch, and whether it exists.
    var<workgroup> places : array<vec4<i32>, ${depth}>;

    ${components === 4 ? loadQuads : loadSingles}

    fn main() {
      let thread = i32(localIndex);
      let outArea = uniforms.dyShape[1] * uniforms.dyShape[2];
      let rows = uniforms.outShape[1];
      let columns = uniforms.outShape[2];
      let firstRow = i32(workgroupId.x) * ${height};
      let firstColumn = i32(workgroupId.y) * ${width};
      let part = i32(workgroupId.z);
      let first = part * uniforms.pixels[1];
      let end = min(first + uniforms.pixels[1], uniforms.pixels[0]);

      // What this thread loads: always the same rows of the patches and the same columns of the gradients.
      let row = firstRow + 4 * (thread % ${quadRows});
      let column = firstColumn + 4 * (thread % ${quadColumns});
      // What it computes.
      let quadColumn = thread % ${quadColumns};
      let quadRow = thread / ${quadColumns};

      ${each(4 * perThread, (i) => `var sum${i} = vec4<f32>(0.0);`)}
      // To the same end in all workgroups, as WGSL wants around a barrier.
      for (var done = 0; done < uniforms.pixels[1]; done = done + ${depth}) {
        let start = first + done;
        if (thread < ${depth}) {
          let pixel = start + thread;
          let within = pixel % outArea;
          places[thread] = vec4<i32>(
            (pixel / outArea) * uniforms.xShape[1] * uniforms.xShape[2],
            (within / uniforms.dyShape[2]) * uniforms.strides[0] - uniforms.pads[0],
            (within % uniforms.dyShape[2]) * uniforms.strides[1] - uniforms.pads[1],
            select(0, 1, pixel < end));
        }
        workgroupBarrier();
        for (var k = thread / ${quadRows}; k < ${depth}; k = k + ${threads / quadRows}) {
          patches[k][thread % ${quadRows}] = loadPatch(places[k], row, rows);
        }
        for (var k = thread / ${quadColumns}; k < ${depth}; k = k + ${threads / quadColumns}) {
          gradients[k][thread % ${quadColumns}] = loadGradient(start + k, end, column, columns);
        }
        workgroupBarrier();
        for (var k = 0; k < ${depth}; k = k + 1) {
          let gradient = gradients[k][quadColumn];
          ${each(
            perThread,
            (i) => `
          let patch${i} = patches[k][quadRow + ${i * down}];
          ${each(4, (e) => `sum${4 * i + e} = fma(vec4<f32>(patch${i}[${e}]), gradient, sum${4 * i + e});`)}`,
          )}
        }
        workgroupBarrier();
      }
      let left = firstColumn + 4 * quadColumn;
      ${each(4 * perThread, (i) => {
        const at = `firstRow + 4 * (quadRow + ${Math.floor(i / 4) * down}) + ${i % 4}`;
        return `store(part, ${at}, rows, left, columns, sum${i});`;
      })}
    }
  `;
}

/**
 * Numbers are converted, as those that were cast from another type are still stored as such. Four neighbouring rows are
 * four channels at one place of the filter, and lie beside each other in memory.
 */
const loadQuads = `
    fn loadPatch(place : vec4<i32>, row : i32, rows : i32) -> vec4<f32> {
      let inChannels = uniforms.xShape[3];
      let tap = row / inChannels;
      let y = place[1] + tap / uniforms.filterExtents[1];
      let z = place[2] + tap % uniforms.filterExtents[1];
      if (place[3] == 1 && row < rows && y >= 0 && y < uniforms.xShape[1] && z >= 0 && z < uniforms.xShape[2]) {
        return vec4<f32>(x[((place[0] + y * uniforms.xShape[2] + z) * inChannels + row % inChannels) / 4]);
      }
      return vec4<f32>(0.0);
    }
    fn loadGradient(pixel : i32, end : i32, column : i32, columns : i32) -> vec4<f32> {
      if (pixel < end && column < columns) {
        return vec4<f32>(dy[(pixel * columns + column) / 4]);
      }
      return vec4<f32>(0.0);
    }
    fn store(part : i32, row : i32, rows : i32, column : i32, columns : i32, sum : vec4<f32>) {
      if (row < rows && column < columns) {
        result[((part * rows + row) * columns + column) / 4] = sum;
      }
    }`;

const loadSingles = `
    fn loadOne(place : vec4<i32>, row : i32, rows : i32) -> f32 {
      let inChannels = uniforms.xShape[3];
      let tap = row / inChannels;
      let y = place[1] + tap / uniforms.filterExtents[1];
      let z = place[2] + tap % uniforms.filterExtents[1];
      if (place[3] == 1 && row < rows && y >= 0 && y < uniforms.xShape[1] && z >= 0 && z < uniforms.xShape[2]) {
        return f32(x[(place[0] + y * uniforms.xShape[2] + z) * inChannels + row % inChannels]);
      }
      return 0.0;
    }
    fn loadPatch(place : vec4<i32>, row : i32, rows : i32) -> vec4<f32> {
      return vec4<f32>(loadOne(place, row, rows), loadOne(place, row + 1, rows),
        loadOne(place, row + 2, rows), loadOne(place, row + 3, rows));
    }
    fn loadGradient(pixel : i32, end : i32, column : i32, columns : i32) -> vec4<f32> {
      var gradient = vec4<f32>(0.0);
      for (var e = 0; e < 4; e = e + 1) {
        if (pixel < end && column + e < columns) {
          gradient[e] = f32(dy[pixel * columns + column + e]);
        }
      }
      return gradient;
    }
    fn store(part : i32, row : i32, rows : i32, column : i32, columns : i32, sum : vec4<f32>) {
      for (var e = 0; e < 4; e = e + 1) {
        if (row < rows && column + e < columns) {
          result[(part * rows + row) * columns + column + e] = sum[e];
        }
      }
    }`;
