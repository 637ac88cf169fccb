import type { Fused, Work } from './fusion/fuse.ts';
import { isFused } from './fusion/fuse.ts';
import { createFusedProgram } from './fusion/fused-program.ts';
import type { Binding, GpuBackend, GpuPipeline, Workgroups } from './gpu-backend.ts';
import type { Places } from './places.ts';
import type { Dispatch, Recording } from './recording.ts';

/** A program with all that it works on. */
export interface BoundProgram {
  readonly pipeline: GpuPipeline;
  readonly group: object;
  readonly workgroups: Workgroups;
}

/** A program with its buffers, in the order of its declarations, and its uniforms, which come last. */
export interface PlacedProgram {
  readonly pipeline: GpuPipeline;
  readonly workgroups: Workgroups;
  readonly bindings: readonly Binding[];
  readonly uniforms: Uint8Array;
}

/** Binds programs to the places of their values. */
export function bindPrograms(
  backend: GpuBackend,
  recording: Recording,
  works: readonly Work[],
  places: Places,
): BoundProgram[] {
  const placed = works.map((work) => {
    return isFused(work.program)
      ? createFusedProgram(backend.device, recording, work as Work & { program: Fused }, places)
      : placeDispatch(work.program, places);
  });
  const uniforms = places.uniforms(placed.map((program) => program.uniforms));
  const layouts = new Map<GpuPipeline, object>();
  return placed.map(({ pipeline, workgroups, bindings }, at) => {
    const layout = layouts.get(pipeline) ?? pipeline.getBindGroupLayout(0);
    layouts.set(pipeline, layout);
    const entries = [...bindings, uniforms[at]!].map((resource, binding) => ({ binding, resource }));
    return { pipeline, workgroups, group: backend.device.createBindGroup({ layout, entries }) };
  });
}

function placeDispatch({ pipeline, workgroups, output, inputs, uniforms }: Dispatch, places: Places): PlacedProgram {
  return { pipeline, workgroups, bindings: [output, ...inputs].map((value) => places.of(value)), uniforms };
}
