import { mul, serialization, tidy } from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';

/** A layer that nobody but this plugin knows: without the plugin, a model that has it does not open. */
class Halving extends layers.Layer {
  static className = 'Halving';

  computeOutputShape(shape) {
    return shape;
  }

  call(inputs) {
    return tidy(() => mul(Array.isArray(inputs) ? inputs[0] : inputs, 0.5));
  }
}
serialization.registerClass(Halving);

const convolution = (filters, name) =>
  layers.conv2d({ filters, name, kernelSize: 3, padding: 'same', activation: 'relu' });

/** A small U-Net without normalisation, whose bottleneck is halved. */
const backbone = {
  name: 'halving-unet',
  title: 'Halving U-Net',
  source: 'a test',
  createEncoder({ filters, prefix }) {
    const convolutions = filters.map((width, level) => convolution(width, `${prefix}down_${level}`));
    const pools = filters
      .slice(1)
      .map((_, level) => layers.maxPooling2d({ poolSize: 2, name: `${prefix}pool_${level}` }));
    const apply = (input) => {
      let tensor = input;
      return convolutions.map((layer, level) => {
        if (level > 0) tensor = pools[level - 1].apply(tensor);
        return (tensor = layer.apply(tensor));
      });
    };
    return { apply, blocks: [] };
  },
  createDecoder({ filters, prefix }) {
    const halving = new Halving({ name: `${prefix}halving` });
    const levels = filters.slice(0, -1).map((width, level) => ({
      up: layers.upSampling2d({ name: `${prefix}up_${level}` }),
      join: layers.concatenate({ name: `${prefix}join_${level}` }),
      convolution: convolution(width, `${prefix}expand_${level}`),
    }));
    const apply = (features) => {
      const results = [halving.apply(features.at(-1))];
      for (const [level, { up, join, convolution }] of [...levels.entries()].reverse()) {
        results.push(convolution.apply(join.apply([features[level], up.apply(results.at(-1))])));
      }
      return results;
    };
    return { apply };
  },
};

const mechanism = { name: '', title: '', description: 'A layer of its own.', reconstruction: false };

export default { variants: [{ name: backbone.name, title: backbone.title, backbone, mechanism }] };
