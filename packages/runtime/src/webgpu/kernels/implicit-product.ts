import type { TensorInfo } from '@tensorflow/tfjs-core';
import { code, type ProductCode } from './implicit-product-code.ts';
import type { Program, ProgramBackend, Uniform } from './program.ts';

type Pair = readonly [number, number];

/**
 * A convolution as a product of two matrices: `[rows, inner]`, which holds for each place of the output the patch of the
 * image below the filter and is never written, and `[inner, columns]`, the filter. `inner` is the places in the filter
 * ("taps") times the channels of the image.
 */
interface ImplicitProduct {
  /** The image, `[N, height, width, channels]`. */
  readonly image: TensorInfo;
  /** `[taps, channels, columns]`, or, for the gradient of the input, `[taps, columns, channels]`. */
  readonly filter: TensorInfo;
  readonly isGradient: boolean;
  /** The height and width of the filter. */
  readonly extents: Pair;
  /** The rows of the product: N, and the height and width of the places to compute. */
  readonly grid: readonly [number, number, number];
  /** The place in the image where the patch of place p begins: p · strides + offsets; tap t lies `direction` · t further. */
  readonly strides: Pair;
  readonly offsets: Pair;
  readonly direction: 1 | -1;
  readonly columns: number;
  readonly outShape: number[];
  /**
   * Given where each place yields a block of so many rows and columns of the output: a column of the product is one
   * channel of one number of the block.
   */
  readonly block?: Pair;
  /** `[columns]` */
  readonly bias?: TensorInfo;
  readonly hasRelu?: boolean;
}

/** Tiles of the product, which a workgroup computes: the larger, the less is loaded for each number. */
const tiles = [
  { width: 64, quads: 2, threads: 128, perThread: 8 },
  { width: 64, quads: 2, threads: 128, perThread: 4 },
  { width: 64, quads: 2, threads: 128, perThread: 2 },
  { width: 32, quads: 1, threads: 128, perThread: 8 },
  { width: 32, quads: 1, threads: 128, perThread: 4 },
  { width: 32, quads: 1, threads: 128, perThread: 2 },
  { width: 16, quads: 1, threads: 128, perThread: 4 },
  { width: 16, quads: 1, threads: 64, perThread: 4 },
] as const;

/** The fewest workgroups for which a large GPU is given its largest tiles. */
const enoughWorkgroups = 256;

/** Computes a convolution, or nothing where it has more rows than a GPU takes at once. */
export function runImplicitProduct(backend: ProgramBackend, product: ImplicitProduct): TensorInfo | undefined {
  const { image, filter, bias, columns, grid, extents } = product;
  const [height, width, channels] = image.shape.slice(1) as [number, number, number];
  const rows = grid[0] * grid[1] * grid[2];
  const tile = chooseTile(rows, columns);
  const dispatch = [Math.ceil(rows / tile.height), Math.ceil(columns / tile.width)] as const;
  if (Math.max(...dispatch) > backend.device.limits.maxComputeWorkgroupsPerDimension) return undefined;
  const outChannels = product.outShape.at(-1)!;
  const parts: ProductCode = {
    ...tile,
    imageComponents: componentsOf(channels),
    filterComponents: componentsOf(product.isGradient ? channels : columns),
    outComponents: componentsOf(outChannels),
    isGradient: product.isGradient,
    isBlock: product.block !== undefined,
    hasBias: bias !== undefined,
    hasRelu: product.hasRelu ?? false,
  };
  const program: Program = {
    outputShape: product.outShape,
    variableNames: ['image', 'weights', ...(bias ? ['bias'] : [])],
    variableComponents: [parts.imageComponents, parts.filterComponents, ...(bias ? [parts.outComponents] : [])],
    outputComponent: parts.outComponents,
    uniforms: 'sizes : vec4<i32>, grid : vec4<i32>, steps : vec4<i32>, begin : vec4<i32>, block : vec4<i32>,',
    workgroupSize: [tile.threads, 1, 1],
    dispatchLayout: { x: [1], y: [3], z: [0] },
    dispatch: [...dispatch, 1],
    shaderKey: `intersegProduct_${Object.values(parts).join('_')}`,
    getUserCode: () => code(parts),
  };
  const integers = (...data: number[]): Uniform => ({ type: 'int32', data });
  return backend.runWebGPUProgram(program, [image, filter, ...(bias ? [bias] : [])], 'float32', [
    integers(rows, columns, extents[0] * extents[1] * channels, channels),
    integers(grid[1], grid[2], height, width),
    integers(...product.strides, extents[1], product.direction),
    integers(...product.offsets, 0, 0),
    integers(...(product.block ?? [1, 1]), outChannels, 0),
  ]);
}

function componentsOf(channels: number): 1 | 4 {
  return channels % 4 === 0 ? 4 : 1;
}

/** The largest tile that makes enough workgroups, or the smallest; none is more than twice as wide as it has to be. */
function chooseTile(rows: number, columns: number): (typeof tiles)[number] & { height: number } {
  const all = tiles.map((tile) => ({ ...tile, height: (tile.threads * tile.perThread * 4 * tile.quads) / tile.width }));
  const widest = columns <= 16 ? 16 : columns <= 32 ? 32 : 64;
  const fitting = all.filter(({ width }) => width === widest || (width === 32 && widest === 64));
  const enough = fitting.find(
    ({ height, width }) => Math.ceil(rows / height) * Math.ceil(columns / width) >= enoughWorkgroups,
  );
  return enough ?? fitting.at(-1)!;
}
