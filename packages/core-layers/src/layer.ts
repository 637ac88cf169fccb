import type { layers } from '@tensorflow/tfjs-layers';

/** What every layer of tfjs-layers takes: `name`, `trainable`, `inputShape`, … */
export type LayerArgs = NonNullable<ConstructorParameters<typeof layers.Layer>[0]>;

/** What a model passes to each layer's `call`; `training` is true in a training step. */
export type CallArgs = Parameters<layers.Layer['call']>[1];
