/**
 * Derives the seed of a layer from the network's seed and the layer's name (FNV-1a). Two networks with the same seed
 * thus start from the same weights in every layer of the same name, whatever else they consist of.
 */
export function layerSeed(seed: number, name: string): number {
  let hash = 0x811c9dc5 ^ seed;
  for (let i = 0; i < name.length; i++) {
    hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  }
  return (hash >>> 0) % 0x7fffffff;
}
