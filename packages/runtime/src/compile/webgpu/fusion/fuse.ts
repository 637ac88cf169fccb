import type { Variable } from '@tensorflow/tfjs-core';
import type { Dispatch, Recording } from '../recording.ts';
import { elementwise, type Elementwise } from './elementwise.ts';

/** Programs that run as one. */
export interface Fused {
  readonly members: readonly Elementwise[];
  readonly size: number;
}

/** What runs at once on the GPU. */
export interface Work {
  readonly program: Dispatch | Fused;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** Inputs of which each thread reads only the number at the place where it writes: an output may replace them. */
  readonly replaceable: ReadonlySet<number>;
}

export function isFused(program: Dispatch | Fused): program is Fused {
  return 'members' in program;
}

/** The number that a value has from the host, where it is only one, as a fused program has it in its code. */
export function literalOf(values: Recording['values'], value: number): number | undefined {
  const { source, dtype } = values[value]!;
  if (source.from !== 'host' || source.values.length !== 1 || dtype !== 'float32') return undefined;
  const number = Math.fround(source.values[0]!);
  const isNormal = number === 0 ? !Object.is(number, -0) : Math.abs(number) > 1e-37;
  return isNormal && Number.isFinite(number) ? number : undefined;
}

/** So many groups wait for members at a time: gradients are clipped one after the other before the first is used. */
const mostOpen = 256;

/**
 * Fuses programs that compute expressions of single numbers, so that what is between them never leaves the GPU's
 * registers. A group waits for more members until another program needs what it computes.
 *
 * @param most buffers that a program may have
 */
export function fuse(recording: Recording, dispatches: readonly Dispatch[], most: number): Work[] {
  return new Fusion(recording, dispatches, most).run();
}

class Fusion {
  private readonly values: Recording['values'];
  private readonly dispatches: readonly Dispatch[];
  private readonly most: number;
  private readonly works: Work[] = [];
  private open: { members: { one: Elementwise; dispatch: Dispatch }[]; size: number }[] = [];
  /** How often each value is used in all, and by the programs in `works`. */
  private readonly uses = new Map<number, number>();
  private readonly done = new Map<number, number>();
  private readonly definitions = new Map<number, number>();
  /** By the new value of a variable, its old one. */
  private readonly oldValues = new Map<number, number>();

  constructor({ values, results, updates }: Recording, dispatches: readonly Dispatch[], most: number) {
    this.values = values;
    this.dispatches = dispatches;
    this.most = most;
    for (const { inputs, output } of dispatches) {
      for (const value of inputs) count(this.uses, value);
      count(this.definitions, output);
    }
    for (const { value } of [...results, ...updates]) count(this.uses, value);
    const old = new Map<Variable, number>();
    values.forEach(({ source }, value) => source.from === 'variable' && old.set(source.variable, value));
    for (const { variable, value } of updates) {
      const before = old.get(variable);
      if (before !== undefined && !this.oldValues.has(value)) this.oldValues.set(value, before);
    }
  }

  run(): Work[] {
    for (const dispatch of this.dispatches) {
      // A value that is computed in more than one go has to be read between them.
      const isSimple = [dispatch.output, ...dispatch.inputs].every((value) => (this.definitions.get(value) ?? 1) === 1);
      const one = isSimple ? elementwise(dispatch, this.values) : undefined;
      if (one === undefined) {
        this.close((group) => dispatch.inputs.some((value) => computes(group, value)));
        this.emit(dispatch);
      } else {
        this.add(one, dispatch);
      }
    }
    this.close(() => true);
    return this.works;
  }

  /** Adds a program to the groups that compute its operands or share one, or to a group of its own. */
  private add(one: Elementwise, dispatch: Dispatch): void {
    const needed = (group: Group): boolean => dispatch.inputs.some((value) => computes(group, value));
    this.close((group) => needed(group) && group.size !== one.size);
    const related = this.open.filter((group) => needed(group) || (group.size === one.size && shares(group, one)));
    const member = { one, dispatch };
    for (const groups of [related, related.filter(needed)]) {
      const members = [...groups.flatMap((group) => group.members), member];
      if (this.buffersOf(members) > this.most) continue;
      this.open = [...this.open.filter((group) => !groups.includes(group)), { members, size: one.size }];
      if (this.open.length > mostOpen) this.close((group) => group === this.open[0]);
      return;
    }
    this.close(needed);
    this.open.push({ members: [member], size: one.size });
  }

  private close(isChosen: (group: Group) => boolean): void {
    const chosen = this.open.filter(isChosen);
    this.open = this.open.filter((group) => !chosen.includes(group));
    for (const { members, size } of chosen) {
      if (members.length === 1) {
        this.emit(members[0]!.dispatch);
      } else {
        this.works.push(this.describe(members, size));
        for (const { dispatch } of members) for (const value of dispatch.inputs) count(this.done, value);
      }
    }
  }

  private emit(dispatch: Dispatch): void {
    const { inputs, output } = dispatch;
    this.works.push({ program: dispatch, inputs, outputs: [output], replaceable: new Set() });
    for (const value of inputs) count(this.done, value);
  }

  private describe(members: Group['members'], size: number): Work {
    const { inputs, outputs, replaceable } = this.interfaceOf(members);
    return { program: { members: members.map(({ one }) => one), size }, inputs, outputs, replaceable };
  }

  private interfaceOf(members: Group['members']): Pick<Work, 'inputs' | 'outputs' | 'replaceable'> & {
    within: ReadonlyMap<number, number>;
  } {
    const computed = new Set(members.map(({ one }) => one.output));
    const inputs = new Set<number>();
    const [within, replaceable] = [new Map<number, number>(), new Set<number>()];
    for (const { one } of members) {
      for (const { value } of one.operands) {
        count(within, value);
        if (!computed.has(value) && literalOf(this.values, value) === undefined) inputs.add(value);
      }
    }
    for (const value of inputs) {
      const all = members.flatMap(({ one }) => one.operands).filter((operand) => operand.value === value);
      if (all.every(({ access }) => access === 'each')) replaceable.add(value);
    }
    const outputs = [...computed].filter((value) => this.uses.get(value)! > (within.get(value) ?? 0));
    return { inputs: [...inputs], outputs, replaceable, within };
  }

  /** The number of buffers that a program has; where a variable's new value replaces the old one, they have the same. */
  private buffersOf(members: Group['members']): number {
    const { inputs, outputs, replaceable, within } = this.interfaceOf(members);
    const isInPlace = (output: number): boolean => {
      const old = this.oldValues.get(output);
      if (old === undefined || !replaceable.has(old)) return false;
      return this.uses.get(old) === (within.get(old) ?? 0) + (this.done.get(old) ?? 0);
    };
    return inputs.length + outputs.filter((output) => !isInPlace(output)).length;
  }
}

type Group = Fusion['open'][number];

function computes({ members }: Group, value: number): boolean {
  return members.some(({ one }) => one.output === value);
}

/** Whether an operand is one of a group's, too. */
function shares({ members }: Group, one: Elementwise): boolean {
  const ofOne = one.operands.filter(({ access }) => access === 'each').map(({ value }) => value);
  return members.some((member) => member.one.operands.some(({ value }) => ofOne.includes(value)));
}

function count(counts: Map<number, number>, value: number): void {
  counts.set(value, (counts.get(value) ?? 0) + 1);
}
