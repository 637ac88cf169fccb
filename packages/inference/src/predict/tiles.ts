/** Where a tile of the network's size begins along one axis, for each tile: evenly, and from one end to the other. */
export function tileStarts(extent: number, tile: number, overlap: number): number[] {
  if (extent <= tile) return [0];
  const count = Math.ceil((extent - tile) / Math.max(1, tile * (1 - overlap))) + 1;
  return Array.from({ length: count }, (_, i) => Math.round((i * (extent - tile)) / (count - 1)));
}

/**
 * How much each pixel of a tile counts, `[H, W]`: a Gaussian around its centre with a standard deviation of an eighth of
 * the tile, as a network knows least about the border of what it sees. Never 0, so that corners count where they are alone.
 */
export function tileWeights(height: number, width: number): Float32Array {
  const along = (extent: number): number[] =>
    Array.from({ length: extent }, (_, i) => {
      const distance = (i - (extent - 1) / 2) / (extent / 8);
      return Math.max(1e-3, Math.exp(-(distance ** 2) / 2));
    });
  const columns = along(width);
  return Float32Array.from(along(height).flatMap((row) => columns.map((column) => row * column)));
}
