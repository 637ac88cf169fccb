import { util } from '@tensorflow/tfjs-core';
import { layers, type LayerVariable } from '@tensorflow/tfjs-layers';
import { TaskStorage } from './task-storage.ts';

interface Budget {
  /** Values that may still be allocated. */
  left: number;
  made: LayerVariable[];
}

/** Of the loading in progress, however many there are at a time. */
const budgets = new TaskStorage<Budget>();

interface WeightMaker {
  addWeight(name: string, shape: readonly (number | null)[], ...rest: unknown[]): LayerVariable;
}

// A topology may ask for weights of any size, which TensorFlow.js allocates before it compares them with those of the file,
// and has no option against. What is made outside `withinBudget` passes through.
const prototype = layers.Layer.prototype as unknown as WeightMaker;
const addWeight = prototype.addWeight;
prototype.addWeight = function (this: WeightMaker, name, shape, ...rest) {
  const budget = budgets.get();
  if (!budget) return addWeight.call(this, name, shape, ...rest);
  const size = util.sizeFromShape(shape as number[]);
  if (!(shape.every((extent) => Number.isInteger(extent) && extent! > 0) && size <= budget.left)) {
    throw new Error(`a layer whose ${name} of shape [${shape.join(', ')}] is more than the weights in the file`);
  }
  budget.left -= size;
  const variable = addWeight.call(this, name, shape, ...rest);
  budget.made.push(variable);
  return variable;
};

/**
 * Builds layers that may not have more weights than told. Where that fails, those made so far are disposed of.
 *
 * @param values numbers in all weights together
 * @throws Error that names the first weight beyond it, before memory is taken for it
 */
export async function withinBudget<T>(values: number, build: () => Promise<T>): Promise<T> {
  const budget: Budget = { left: values, made: [] };
  try {
    return await budgets.run(budget, build);
  } catch (error) {
    for (const variable of budget.made) variable.dispose();
    throw error;
  }
}
