import type { NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core';
import type { Resizing } from '../resize-gradients.ts';

/** Reads the sizes and rules of a resizing from what the gradient's kernel is called with. */
export function resizingOf(images: TensorInfo, dy: TensorInfo, attrs: NamedAttrMap): Resizing {
  const [samples, height, width, channels] = images.shape as [number, number, number, number];
  const [, outHeight, outWidth] = dy.shape as [number, number, number, number];
  const flag = (name: string): boolean => attrs[name] === true;
  const rules = { alignCorners: flag('alignCorners'), halfPixelCenters: flag('halfPixelCenters') };
  return { samples, height, width, channels, outHeight, outWidth, ...rules };
}
