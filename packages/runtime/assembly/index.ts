export { packRows, spreadBlocks } from './blocks';
export { filterGradient } from './filter-gradient';
export { sumRows } from './sums';
export { broadcastRows } from './broadcast';
export { copyRows } from './copies';
export { maxPool2x2Gradient } from './pooling';
export { normalize, normalizeGradient } from './normalization';
export { winogradConvolution, winogradFilter } from './winograd';
export { winogradFilterGradient } from './winograd-gradient';
