import type { NamedAttrMap } from '@tensorflow/tfjs-core';
import type { Dispatch, Recording } from '../recording.ts';
import { repetition, type Repetition } from './repetition.ts';

/** Which number of an operand belongs to a number of the result: that at the same place, the only one, or another. */
export type Access = 'each' | 'one' | Repetition;

export interface Operand {
  readonly value: number;
  readonly access: Access;
}

/** A program whose every result is an expression of one number of each operand. */
export interface Elementwise {
  readonly output: number;
  /** The number of results. */
  readonly size: number;
  readonly operands: readonly Operand[];
  /** Writes the expression in WGSL. */
  readonly write: (operands: readonly string[]) => string;
}

interface Formula {
  readonly operands?: number;
  readonly write: (operands: readonly string[]) => string;
  /** Whether it holds for the operation's attributes. */
  readonly isFor?: (attributes: NamedAttrMap) => boolean;
}

const unary = (write: (a: string) => string): Formula => ({ operands: 1, write: ([a]) => write(a!) });
const binary = (write: (a: string, b: string) => string): Formula => {
  return { operands: 2, write: ([a, b]) => write(a!, b!) };
};

/** Operations of TensorFlow.js by the expressions in the backend's programs. */
const formulas: Readonly<Record<string, Formula>> = {
  Add: binary((a, b) => `${a} + ${b}`),
  Sub: binary((a, b) => `${a} - ${b}`),
  Multiply: binary((a, b) => `${a} * ${b}`),
  RealDiv: binary((a, b) => `${a} / ${b}`),
  SquaredDifference: binary((a, b) => `(${a} - ${b}) * (${a} - ${b})`),
  AddN: { write: (operands) => operands.join(' + ') },
  Neg: unary((a) => `-${a}`),
  Square: unary((a) => `${a} * ${a}`),
  Sqrt: unary((a) => `sqrt(${a})`),
  Rsqrt: unary((a) => `inverseSqrt(${a})`),
  Exp: unary((a) => `exp(${a})`),
  Abs: unary((a) => `abs(${a})`),
  Sigmoid: unary((a) => `1.0 / (1.0 + exp(-1.0 * ${a}))`),
  Relu: unary((a) => `select(${a}, 0.0, ${a} < 0.0)`),
  Step: {
    // NaN remains NaN; a GPU may take all numbers for finite where it compares them.
    ...unary((a) => `select(select(0.0, 1.0, ${a} > 0.0), ${a}, (bitcast<u32>(${a}) & 0x7fffffffu) > 0x7f800000u)`),
    isFor: ({ alpha }) => alpha === 0,
  },
};

/** The expression that a program computes, if it is one and all numbers are float32. */
export function elementwise(dispatch: Dispatch, values: Recording['values']): Elementwise | undefined {
  const { operation, attributes, inputs, shapes, output, shape } = dispatch;
  const formula = formulas[operation];
  if (formula === undefined || inputs.length !== (formula.operands ?? inputs.length)) return undefined;
  if (formula.isFor?.(attributes) === false) return undefined;
  if ([output, ...inputs].some((value) => values[value]!.dtype !== 'float32')) return undefined;
  const size = values[output]!.bytes / 4;
  const operands: Operand[] = [];
  for (const [at, value] of inputs.entries()) {
    const access = accessOf(shapes[at]!, shape);
    if (access === undefined) return undefined;
    operands.push({ value, access });
  }
  return { output, size, operands, write: formula.write };
}

function accessOf(shape: readonly number[], outShape: readonly number[]): Access | undefined {
  const product = (sizes: readonly number[]): number => sizes.reduce((all, size) => all * size, 1);
  const size = product(shape);
  if (size === product(outShape)) return 'each';
  return size === 1 ? 'one' : repetition(shape, outShape);
}
