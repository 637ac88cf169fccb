import * as tf from '@tensorflow/tfjs-core';
import { repairCpu } from './repair-cpu.ts';
import { EngineError } from '../engine-error.ts';
import { load, findRequire, findPackageVersion } from '../packages.ts';
import type { Driver } from './driver.ts';

const name = 'cpu';
const packageName = '@tensorflow/tfjs-backend-cpu';
const description = 'cpu (plain JavaScript, 1 thread; some 100 times slower in training than the others)';
const missing = `cpu engine: the package ${packageName} is not installed; npm install ${packageName}.`;

/** TensorFlow.js in plain JavaScript: the reference of tests, and the last resort. */
export const cpu: Driver = {
  name,
  async status() {
    const version = findPackageVersion(packageName);
    if (version === undefined) return { name, available: false, reason: missing, training: false };
    return { name, available: true, version, description, training: true };
  },
  async start() {
    if (findRequire(packageName) === undefined) throw new EngineError(name, missing);
    load(packageName);
    repairCpu();
    if (!(await tf.setBackend(name))) {
      throw new EngineError(name, `cpu engine: the backend of ${packageName} does not start; install it again.`);
    }
    return { name, description, version: findPackageVersion(packageName)!, threads: 1, device: 'cpu' };
  },
};
