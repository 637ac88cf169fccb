import { each } from './program.ts';

/** What the programs of implicit products differ in. */
export interface ProductCode {
  /** The columns and rows of the product that a workgroup computes. */
  readonly width: number;
  readonly height: number;
  readonly threads: number;
  /** A thread computes so many rows of so many times four columns. */
  readonly perThread: number;
  readonly quads: number;
  /** How many neighbouring numbers are read or written at a time. */
  readonly imageComponents: 1 | 4;
  readonly filterComponents: 1 | 4;
  readonly outComponents: 1 | 4;
  readonly isGradient: boolean;
  readonly isBlock: boolean;
  readonly hasBias: boolean;
  readonly hasRelu: boolean;
}

/** The terms of a product that are summed between two loads from the GPU's memory. */
const depth = 16;
const quadDepth = depth / 4;

/**
 * Tiles of both matrices are loaded into the memory of the workgroup, and multiplied from there. All numbers of a thread
 * have names of their own, as compilers keep arrays out of registers; those from the image are in rows that are one quad
 * longer than needed, so that threads do not meet in one bank of that memory.
 */
export function code(parts: ProductCode): string {
  const { width, height, threads, perThread, quads } = parts;
  const columnGroups = width / 4 / quads;
  const rowGroups = threads / columnGroups;
  const loads = (height * quadDepth) / threads;
  const rowsAtOnce = threads / quadDepth;
  const loadsQuads = parts.imageComponents === 4;
  return `
    var<workgroup> patches : array<array<vec4<f32>, ${quadDepth + 1}>, ${height}>;
    var<workgroup> filters : array<array<vec4<f32>, ${width / 4}>, ${depth}>;
    ${placeOf}
    ${parts.imageComponents === 4 ? loadQuadOfImage : loadOnesOfImage}
    ${(parts.isGradient ? loadGradientFilter : loadForwardFilter)[parts.filterComponents]}
    ${storeCode(parts)}
    fn main() {
      let thread = i32(localIndex);
      let firstRow = i32(workgroupId.x) * ${height};
      let firstColumn = i32(workgroupId.y) * ${width};
      // What this thread loads: always the same rows.
      let quad = thread % ${quadDepth};
      let row = thread / ${quadDepth};
      ${loadsQuads ? each(loads, (i) => `let place${i} = placeOf(firstRow + row + ${i * rowsAtOnce});`) : ''}
      // What it computes.
      let columnGroup = thread % ${columnGroups};
      let rowGroup = thread / ${columnGroups};
      ${each(perThread, (i) => each(quads, (q) => `var sum${i}_${q} = vec4<f32>(0.0);`))}
      for (var start = 0; start < uniforms.sizes[2]; start = start + ${depth}) {
        let k = start + 4 * quad;
        ${loadsQuads ? 'let tap = tapOf(k);' : ''}
        ${
          loadsQuads
            ? each(loads, (i) => `patches[row + ${i * rowsAtOnce}][quad] = loadPatch(place${i}, tap, k);`)
            : `for (var r = row; r < ${height}; r = r + ${rowsAtOnce}) {
          patches[r][quad] = loadPatch(placeOf(firstRow + r), k);
        }`
        }
        ${parts.isGradient ? loadGradientTile(width) : loadForwardTile(width, threads)}
        workgroupBarrier();
        for (var q = 0; q < ${quadDepth}; q = q + 1) {
          ${each(4, (e) => each(quads, (c) => `let filter${e}_${c} = filters[4 * q + ${e}][columnGroup + ${c * columnGroups}];`))}
          ${each(perThread, (i) => {
            const name = `patch${i}`;
            const multiply = (c: number) => (e: number) =>
              `sum${i}_${c} = fma(vec4<f32>(${name}[${e}]), filter${e}_${c}, sum${i}_${c});`;
            return `let ${name} = patches[rowGroup + ${i * rowGroups}][q];
          ${each(quads, (c) => each(4, multiply(c)))}`;
          })}
        }
        workgroupBarrier();
      }
      ${each(perThread, (i) =>
        each(
          quads,
          (c) =>
            `store(firstRow + rowGroup + ${i * rowGroups}, firstColumn + 4 * (columnGroup + ${c * columnGroups}), sum${i}_${c});`,
        ),
      )}
    }
  `;
}

/** A row as: the first pixel of its sample in the image, and the row and the column where its patch begins. */
const placeOf = `
    fn placeOf(row : i32) -> vec3<i32> {
      let area = uniforms.grid[0] * uniforms.grid[1];
      let within = row % area;
      let y = (within / uniforms.grid[1]) * uniforms.steps[0] + uniforms.begin[0];
      let z = (within % uniforms.grid[1]) * uniforms.steps[1] + uniforms.begin[1];
      // A row that does not exist lies outside the image.
      return vec3<i32>((row / area) * uniforms.grid[2] * uniforms.grid[3], select(-1048576, y, row < uniforms.sizes[0]), z);
    }
    // How far a term's tap lies from where the patch begins, and its channel.
    fn tapOf(k : i32) -> vec3<i32> {
      let tap = k / uniforms.sizes[3];
      let across = uniforms.steps[2];
      return vec3<i32>(uniforms.steps[3] * vec2<i32>(tap / across, tap % across), k % uniforms.sizes[3]);
    }
    fn isInside(y : i32, z : i32, k : i32) -> bool {
      return k < uniforms.sizes[2] && y >= 0 && y < uniforms.grid[2] && z >= 0 && z < uniforms.grid[3];
    }`;

/** Numbers are converted, as those that were cast from another type are still stored as such. */
const loadQuadOfImage = `
    fn loadPatch(place : vec3<i32>, tap : vec3<i32>, k : i32) -> vec4<f32> {
      let y = place[1] + tap[0];
      let z = place[2] + tap[1];
      if (isInside(y, z, k)) {
        return vec4<f32>(image[((place[0] + y * uniforms.grid[3] + z) * uniforms.sizes[3] + tap[2]) / 4]);
      }
      return vec4<f32>(0.0);
    }`;

const loadOnesOfImage = `
    fn loadOne(place : vec3<i32>, k : i32) -> f32 {
      let tap = tapOf(k);
      let y = place[1] + tap[0];
      let z = place[2] + tap[1];
      if (isInside(y, z, k)) {
        return f32(image[(place[0] + y * uniforms.grid[3] + z) * uniforms.sizes[3] + tap[2]]);
      }
      return 0.0;
    }
    fn loadPatch(place : vec3<i32>, k : i32) -> vec4<f32> {
      var found = vec4<f32>(0.0);
      for (var e = 0; e < 4; e = e + 1) {
        found[e] = loadOne(place, k + e);
      }
      return found;
    }`;

/** Loads four neighbouring columns of a term. */
const loadForwardFilter = {
  4: `
    fn loadFilter(k : i32, column : i32) -> vec4<f32> {
      if (k < uniforms.sizes[2] && column < uniforms.sizes[1]) {
        return vec4<f32>(weights[(k * uniforms.sizes[1] + column) / 4]);
      }
      return vec4<f32>(0.0);
    }`,
  1: `
    fn loadFilter(k : i32, column : i32) -> vec4<f32> {
      var found = vec4<f32>(0.0);
      for (var e = 0; e < 4; e = e + 1) {
        if (k < uniforms.sizes[2] && column + e < uniforms.sizes[1]) {
          found[e] = f32(weights[k * uniforms.sizes[1] + column + e]);
        }
      }
      return found;
    }`,
};

/** Loads four neighbouring terms of a column. */
const loadGradientFilter = {
  4: `
    fn loadFilter(k : i32, column : i32) -> vec4<f32> {
      if (k < uniforms.sizes[2] && column < uniforms.sizes[1]) {
        let channels = uniforms.sizes[3];
        return vec4<f32>(weights[((k / channels * uniforms.sizes[1] + column) * channels + k % channels) / 4]);
      }
      return vec4<f32>(0.0);
    }`,
  1: `
    fn loadFilter(k : i32, column : i32) -> vec4<f32> {
      let channels = uniforms.sizes[3];
      var found = vec4<f32>(0.0);
      for (var e = 0; e < 4; e = e + 1) {
        if (k + e < uniforms.sizes[2] && column < uniforms.sizes[1]) {
          found[e] = f32(weights[((k + e) / channels * uniforms.sizes[1] + column) * channels + (k + e) % channels]);
        }
      }
      return found;
    }`,
};

function loadForwardTile(width: number, threads: number): string {
  const quadWidth = width / 4;
  const atOnce = Math.min(depth, threads / quadWidth);
  const loads = each(depth / atOnce, (i) => {
    const term = `thread / ${quadWidth} + ${i * atOnce}`;
    return `filters[${term}][thread % ${quadWidth}] = loadFilter(start + ${term}, firstColumn + 4 * (thread % ${quadWidth}));`;
  });
  return threads > depth * quadWidth ? `if (thread < ${depth * quadWidth}) { ${loads} }` : loads;
}

/** Four terms of four columns at a time, which a thread turns. */
function loadGradientTile(width: number): string {
  return `
        if (thread < ${width}) {
          let column = firstColumn + 4 * row;
          ${each(4, (e) => `let turn${e} = loadFilter(k, column + ${e});`)}
          ${each(4, (e) => `filters[4 * quad + ${e}][row] = vec4<f32>(turn0[${e}], turn1[${e}], turn2[${e}], turn3[${e}]);`)}
        }`;
}

function storeCode({ outComponents, isBlock, hasBias, hasRelu }: ProductCode): string {
  // Where the first of the numbers lies in the output, and its channel there.
  const place = isBlock
    ? `
      let channel = column % uniforms.block[2];
      let tap = column / uniforms.block[2];
      let area = uniforms.grid[0] * uniforms.grid[1];
      let within = row % area;
      let y = (row / area * uniforms.grid[0] + within / uniforms.grid[1]) * uniforms.block[0] + tap / uniforms.block[1];
      let z = within % uniforms.grid[1] * uniforms.block[1] + tap % uniforms.block[1];
      let at = (y * uniforms.grid[1] * uniforms.block[1] + z) * uniforms.block[2] + channel;`
    : `
      let channel = column;
      let at = row * uniforms.sizes[1] + column;`;
  const type = outComponents === 4 ? 'vec4<f32>' : 'f32';
  const index = (name: string): string => (outComponents === 4 ? `${name} / 4` : name);
  const one = `
    fn storeAt(row : i32, column : i32, sum : ${type}) {
      if (row >= uniforms.sizes[0] || column >= uniforms.sizes[1]) { return; }
      ${place}
      var number = sum;
      ${hasBias ? `number = number + ${type}(bias[${index('channel')}]);` : ''}
      ${hasRelu ? `number = select(number, ${type}(0.0), number < ${type}(0.0));` : ''}
      result[${index('at')}] = number;
    }`;
  const all =
    outComponents === 4
      ? 'storeAt(row, column, sum);'
      : `for (var e = 0; e < 4; e = e + 1) {
        storeAt(row, column + e, sum[e]);
      }`;
  return `${one}
    fn store(row : i32, column : i32, sum : vec4<f32>) {
      ${all}
    }`;
}
