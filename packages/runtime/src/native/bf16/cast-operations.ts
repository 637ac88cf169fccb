import type { Binding, NodeBackend, OperationAttribute } from '../../compile/native/node-backend.ts';
import type { RecordedAttribute } from '../../compile/native/recording.ts';
import type { Precision } from '../../types.ts';

/** TensorFlow's numbers of types. */
export const types = { float32: 1, bf16: 14 } as const;

/** The convolutions, and which of their inputs are features or filters: the others are sizes. */
const operands: Readonly<Record<string, readonly number[]>> = {
  Conv2D: [0, 1],
  Conv2DBackpropInput: [1, 2],
  Conv2DBackpropFilter: [0, 2],
};

/** The inputs of an operation that become bf16; undefined if the operation stays in float32. */
export function loweredInputs(
  operation: string,
  attributes: readonly { name: string; value: unknown }[],
): readonly number[] | undefined {
  const isFloat32 = attributes.some(({ name, value }) => name === 'T' && value === types.float32);
  return isFloat32 && Object.hasOwn(operands, operation) ? operands[operation] : undefined;
}

/** The attributes of an operation with bf16 as its type. */
export function withBf16<Attribute extends { readonly name: string }>(attributes: readonly Attribute[]): Attribute[] {
  return attributes.map((one) => (one.name === 'T' ? { ...one, value: types.bf16 } : one));
}

/**
 * A binding whose convolutions take bf16 and give bf16, as PyTorch's autocast does; sums within them are float32. Their
 * inputs are rounded before and their results are float32 again, so that all else, weights, normalisation, losses and
 * optimiser, stays as it is.
 */
function castingBinding(binding: Binding): Binding {
  const forBinding = ({ name, kind, value }: RecordedAttribute): OperationAttribute => ({
    ...{ name, value },
    type: kind === 'type' ? binding.TF_ATTR_TYPE : binding.TF_ATTR_BOOL,
  });
  const executeOp: Binding['executeOp'] = (name, attributes, ids, count) => {
    const lowered = loweredInputs(name, attributes);
    if (lowered === undefined) return binding.executeOp(name, attributes, ids, count);
    const cast = (id: number, from: number, to: number) =>
      binding.executeOp('Cast', castAttributes(from, to).map(forBinding), [id], 1)[0]!;
    const made: number[] = [];
    const keep = (id: number): number => made[made.push(id) - 1]!;
    try {
      const inputs = ids.map((id, at) => (lowered.includes(at) ? keep(cast(id, types.float32, types.bf16).id) : id));
      const [result] = binding.executeOp(name, withBf16(attributes), inputs, count);
      return [cast(keep(result!.id), types.bf16, types.float32)];
    } finally {
      for (const id of made) binding.deleteTensor(id);
    }
  };
  // The binding's own properties cannot be replaced.
  return Object.create(binding, { executeOp: { value: executeOp }, precision: { value: 'bf16' } }) as Binding;
}

/** The attributes of a `Cast`. */
export function castAttributes(from: number, to: number): RecordedAttribute[] {
  return [
    { name: 'SrcT', kind: 'type', value: from },
    { name: 'DstT', kind: 'type', value: to },
    { name: 'Truncate', kind: 'bool', value: false },
  ];
}

/** Computes the convolutions of a backend in another precision from now on. */
export function setPrecision(backend: NodeBackend, precision: Precision): void {
  const { binding } = backend;
  if ((binding.precision ?? 'float32') === precision) return;
  backend.binding = precision === 'bf16' ? castingBinding(binding) : (Object.getPrototypeOf(binding) as Binding);
}
