import { memoryOfSteps, memoryPerPixel } from '../memory.ts';
import { rounded } from '../pixels.ts';
import { recipe } from '../recipe.ts';
import { rule } from '../rule.ts';

/** As many slices as usual, or as fit into the memory. */
export const batchRule = rule('batch', ({ memory }, { configuration }) => {
  const [height, width] = configuration.size;
  const perSlice = height * width * memoryPerPixel(configuration);
  const affordable = Math.max(recipe.fewestPerBatch, Math.floor(memoryOfSteps(memory) / perSlice));
  const value = Math.min(recipe.batch, affordable);
  return {
    value,
    reason:
      value === recipe.batch
        ? `about ${rounded(recipe.programMemory + value * perSlice, 2)} of ${rounded(memory)} GiB`
        : `${rounded(memory)} GiB are enough for no more slices of about ${rounded(perSlice, 2)} GiB each`,
  };
});
