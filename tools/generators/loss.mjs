import { generatePackage } from './generate-package.mjs';

/** `nx g @interseg/tools:loss NAME` */
export default function loss(tree, options) {
  return generatePackage(tree, 'loss', options);
}
