/**
 * A seed for one layer, from the network's seed and the layer's name (FNV-1a). Two networks with the same seed thereby
 * start with the same weights wherever they have a layer of the same name, whatever else they consist of.
 */
export function layerSeed(seed: number, name: string): number {
  let hash = 0x811c9dc5 ^ seed;
  for (let i = 0; i < name.length; i++) {
    hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  }
  return (hash >>> 0) % 0x7fffffff;
}
