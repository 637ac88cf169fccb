import type { PlacedProgram } from '../bind-programs.ts';
import type { Binding, GpuDevice, GpuPipeline, Workgroups } from '../gpu-backend.ts';
import type { Places } from '../places.ts';
import type { Recording } from '../recording.ts';
import type { Access } from './elementwise.ts';
import { literalOf, type Fused, type Work } from './fuse.ts';
import type { Repetition } from './repetition.ts';

const threads = 64;

/** Writes the program of a fused group and finds its buffers. Each thread computes one number of each result. */
export function createFusedProgram(
  device: GpuDevice,
  { values }: Recording,
  { program, inputs, outputs }: Work & { readonly program: Fused },
  places: Places,
): PlacedProgram {
  const bindings: Binding[] = [];
  /** For each value the number of its buffer; an input that an output replaces has the output's. */
  const numbers = new Map<number, number>();
  for (const value of outputs) numbers.set(value, bindings.push(places.of(value)) - 1);
  for (const value of inputs) {
    const place = places.of(value);
    const replaced = bindings.slice(0, outputs.length).findIndex(({ buffer }) => buffer === place.buffer);
    numbers.set(value, replaced === -1 ? bindings.push(place) - 1 : replaced);
  }
  const repetitions: Repetition[] = [];
  const loads: string[] = [];
  const names = new Map<string, string>();
  const name = (value: number, access: Access): string => {
    const key = JSON.stringify([value, access]);
    const known = names.get(`${value}`) ?? names.get(key);
    if (known !== undefined) return known;
    const literal = numbers.has(value) ? undefined : literalOf(values, value);
    if (literal !== undefined) return `(${literal}f)`;
    loads.push(`let a${loads.length} = b${numbers.get(value)!}[${place(access, repetitions)}];`);
    names.set(key, `a${loads.length - 1}`);
    return names.get(key)!;
  };
  const lines = program.members.map(({ output, operands, write }, at) => {
    const text = write(operands.map(({ value, access }) => name(value, access)));
    names.set(`${output}`, `t${at}`);
    return `let t${at} = ${text};`;
  });
  const stores = outputs.map((value) => `b${numbers.get(value)!}[index] = ${names.get(`${value}`)!};`);
  const declarations = bindings.map((_, at) => {
    const mode = at < outputs.length ? 'read_write' : 'read';
    return `@group(0) @binding(${at}) var<storage, ${mode}> b${at} : array<f32>;`;
  });
  const code = `
    struct Uniforms { size : vec4<u32>, ${repetitions.length > 0 ? `repeated : array<vec4<u32>, ${repetitions.length}>,` : ''} }
    ${declarations.join('\n')}
    @group(0) @binding(${bindings.length}) var<uniform> uniforms : Uniforms;
    @compute @workgroup_size(${threads})
    fn main(@builtin(global_invocation_id) id : vec3<u32>, @builtin(num_workgroups) groups : vec3<u32>) {
      let index = id.x + id.y * groups.x * ${threads}u;
      if (index >= uniforms.size.x) { return; }
      ${[...loads, ...lines, ...stores].join('\n')}
    }`;
  return {
    pipeline: pipelineOf(device, code),
    workgroups: workgroupsFor(device, program.size),
    bindings,
    uniforms: uniformsOf(program.size, repetitions),
  };
}

/** Writes the place of the number that an operand gives. */
function place(access: Access, repetitions: Repetition[]): string {
  if (access === 'each') return 'index';
  if (access === 'one') return '0';
  const known = repetitions.findIndex((one) => JSON.stringify(one) === JSON.stringify(access));
  const r = `uniforms.repeated[${known === -1 ? repetitions.push(access) - 1 : known}]`;
  return `index / ${r}.x * ${r}.y + index / ${r}.z % ${r}.y`;
}

function uniformsOf(size: number, repetitions: readonly Repetition[]): Uint8Array {
  const numbers = repetitions.flatMap(({ outer, inner, step }) => [outer, inner, step, 0]);
  return new Uint8Array(Uint32Array.from([size, 0, 0, 0, ...numbers]).buffer);
}

function workgroupsFor({ limits }: GpuDevice, size: number): Workgroups {
  const count = Math.ceil(size / threads);
  const rows = Math.ceil(count / limits.maxComputeWorkgroupsPerDimension);
  return [Math.ceil(count / rows), rows, 1];
}

const pipelines = new WeakMap<GpuDevice, Map<string, GpuPipeline>>();

/** The pipeline of some code, which all recordings on the device share. */
function pipelineOf(device: GpuDevice, code: string): GpuPipeline {
  if (!pipelines.has(device)) pipelines.set(device, new Map());
  const known = pipelines.get(device)!;
  if (!known.has(code)) {
    const module = device.createShaderModule({ code });
    known.set(
      code,
      device.createComputePipeline({ label: 'Fused', layout: 'auto', compute: { module, entryPoint: 'main' } }),
    );
  }
  return known.get(code)!;
}
