import { access } from 'node:fs/promises';
import { basename, join } from 'node:path';

const isThere = (path) =>
  access(path).then(
    () => true,
    () => false,
  );

/** FOLDER/CASE/image.nii.gz and, for cases with labels, FOLDER/CASE/mask.nii.gz. */
const caseFolders = {
  name: 'case-folders',
  title: 'A folder for each case',
  description: 'folders of cases with image.nii.gz and mask.nii.gz',

  async detect({ path, folders }) {
    return folders.length > 0 && isThere(join(path, folders[0], 'image.nii.gz'));
  },

  async open({ path, folders }) {
    const cases = [];
    const unlabelled = [];
    for (const id of folders) {
      const item = { id, patient: id, images: [join(path, id, 'image.nii.gz')] };
      const label = join(path, id, 'mask.nii.gz');
      if (await isThere(label)) cases.push({ ...item, label });
      else unlabelled.push(item);
    }
    return {
      name: basename(path),
      folder: path,
      channels: ['T1'],
      modality: 'mr',
      classes: [{ name: 'lesion', values: [1] }],
      cases,
      unlabelled,
      problems: [],
    };
  },
};

export default { layouts: [caseFolders] };
