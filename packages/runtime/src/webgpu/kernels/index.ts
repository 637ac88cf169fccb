import { repairResizeGradients } from './resize-grad.ts';

let completed = false;

/** Gives the WebGPU backend what training needs and it has wrong; it lacks nothing that InterSeg's networks use. */
export function completeWebGpu(): void {
  if (completed) return;
  completed = true;
  repairResizeGradients();
}
