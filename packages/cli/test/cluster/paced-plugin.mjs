import { losses, mean, mul, sigmoid, tidy } from '@tensorflow/tfjs-core';

/** How long each training step is to take at least, in milliseconds: a host may be lost in the middle of what takes a while. */
const pace = Number(process.env.INTERSEG_TEST_PACE ?? 0);

const paced = {
  name: 'paced',
  title: 'Paced',
  description: 'Squared error, after a pause.',
  compute: (labels, predictions, { fromLogits } = {}) => {
    if (pace > 0 && fromLogits) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pace);
    return tidy(() => mean(losses.meanSquaredError(labels, fromLogits ? sigmoid(predictions) : predictions)));
  },
};

const failing = {
  name: 'failing',
  title: 'Failing',
  description: 'A loss that is never a number.',
  compute: (_labels, predictions) => tidy(() => mul(mean(predictions), NaN)),
};

export default { losses: [paced, failing] };
