import { serialization, type Tensor } from '@tensorflow/tfjs-core';
import type { layers } from '@tensorflow/tfjs-layers';

/** What every layer of tfjs-layers takes: `name`, `trainable`, `inputShape`, … */
export type LayerArgs = NonNullable<ConstructorParameters<typeof layers.Layer>[0]>;

/** What a model passes to each layer's `call`; `training` is true in a training step. */
export type CallArgs = Parameters<layers.Layer['call']>[1];

/** The input of a layer that takes a single tensor; a model passes it alone or in a list. */
export function singleInput<T extends Tensor = Tensor>(inputs: Tensor | Tensor[]): T {
  return (Array.isArray(inputs) ? inputs[0] : inputs) as T;
}

/** Registers a layer for `loadLayersModel` under its own class name, like the layers of tfjs-layers. */
export function register<T extends serialization.Serializable>(layer: serialization.SerializableConstructor<T>): void {
  serialization.registerClass(layer, 'InterSeg');
}
