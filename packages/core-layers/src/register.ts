import { serialization } from '@tensorflow/tfjs-core';

/** Makes a layer known to `loadLayersModel`, under its own class name as tfjs-layers' layers are. */
export function register<T extends serialization.Serializable>(layer: serialization.SerializableConstructor<T>): void {
  serialization.registerClass(layer, 'InterSeg');
}
