import { generatePackage } from './generate-package.mjs';

/** `nx g @interseg/tools:backbone NAME` */
export default function backbone(tree, options) {
  return generatePackage(tree, 'backbone', options);
}
