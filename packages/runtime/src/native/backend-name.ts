/** The name of tfjs-node's backend in TensorFlow.js. */
export const backendName = 'tensorflow';
