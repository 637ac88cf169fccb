export type { LayerCall, LayerWriter } from './layers/layer-call.ts';
export { defineOnnxLayer, onnxLayers } from './layers/registry.ts';
export type { LayerConfig } from './model/layer-graph.ts';
export { artifactsFromFiles, type ModelArtifacts, type WeightSpec } from './model/model-artifacts.ts';
export type { Weight } from './model/weights.ts';
export { onnxLayouts, toOnnx, type OnnxLayout, type ToOnnxOptions } from './to-onnx.ts';
export type { OnnxAttribute, OnnxNode, OnnxTensor } from './writer/encode-model.ts';
export { onnxMetadataKeys, readOnnxMetadata } from './writer/metadata.ts';
export { OnnxGraph, type OnnxValue } from './writer/onnx-graph.ts';
