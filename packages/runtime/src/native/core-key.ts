/** The name of the global symbol by which the kernels of a build find the tfjs-core that InterSeg uses. */
export const coreKey = '@interseg/runtime:tfjs-core';
