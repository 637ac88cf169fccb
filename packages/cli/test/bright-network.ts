import '@tensorflow/tfjs-backend-cpu';
import { saveModel, type ModelDescription } from '@interseg/inference';
import { input, layers, model, type SymbolicTensor } from '@tensorflow/tfjs-layers';

/** What a network is about, as far as it is more than 64×64 MR. */
type About = Pick<ModelDescription, 'channels' | 'classes'> & Partial<ModelDescription>;

/** Saves a network of one layer, all of whose classes are what is bright. */
export async function saveBrightNetwork(folder: string, about: About): Promise<void> {
  const image = input({ shape: [64, 64, about.channels.length], name: 'image' });
  const head = layers.conv2d({
    name: 'segmentation',
    filters: about.classes.length,
    kernelSize: 1,
    activation: 'sigmoid',
    kernelInitializer: 'ones',
  });
  const all = model({ inputs: image, outputs: head.apply(image) as SymbolicTensor });
  await saveModel(folder, all, { variant: 'unet', modality: 'mr', slices: { size: [64, 64] }, ...about });
}
