import { generatePackage } from './generate-package.mjs';

/** `nx g @interseg/tools:variant NAME` */
export default function variant(tree, options) {
  return generatePackage(tree, 'variant', options);
}
