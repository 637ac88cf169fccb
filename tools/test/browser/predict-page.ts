import '@tensorflow/tfjs-backend-cpu';
import { imageFromVolumes, loadModelFiles, predictVolume } from '@interseg/inference';
import { encodeNifti, readNifti } from '@interseg/nifti';

/** What the page tells. */
export interface PredictResult {
  /** The label map as an uncompressed NIfTI file, byte by byte. */
  readonly file: readonly number[];
  /** Of the first class, on the grid of the image. */
  readonly probabilities: readonly number[];
}

const blob = async (path: string): Promise<Blob> => (await fetch(path)).blob();

/** From the bytes of an image and a model to the bytes of a label map. */
async function predict(): Promise<PredictResult> {
  const { model, description } = await loadModelFiles({
    model: await blob('/files/model.json'),
    weights: await blob('/files/weights.bin'),
  });
  const bytes = new Uint8Array(await (await blob('/files/image.nii.gz')).arrayBuffer());
  const volume = await readNifti(bytes);
  const image = await imageFromVolumes([{ path: 'image.nii.gz', volume }], description);
  const { labels, probabilities } = await predictVolume(model, image, description);
  const { shape, affine, header } = image.source;
  const file = await encodeNifti({ data: labels, shape, affine, header }, { labels: true, compressed: false });
  return { file: Array.from(file), probabilities: Array.from(probabilities[0]!) };
}

const tell = (body: unknown): Promise<Response> => fetch('/result', { method: 'POST', body: JSON.stringify(body) });
predict().then(tell, (error: Error) => tell({ error: error.message }));
