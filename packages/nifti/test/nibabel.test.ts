import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findPython } from '../../../tools/build/python.ts';
import { readNifti, writeNifti, type NiftiHeader, type TypedNumberArray } from '../src/index.ts';
import { rightAngled, sheared } from './grids.ts';
import { temporaryFolder } from '../../../tools/build/temporary-folder.ts';

/** A cross-check with nibabel, an implementation of NIfTI that shares nothing with ours. */
const python = await findPython(['nibabel', 'numpy']);
const folder = await temporaryFolder();

const kinds = { Uint8Array, Int8Array, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array };
const shape = [4, 3, 2];
const voxels = Array.from({ length: 24 }, (_, index) => index * 5 + 1);

interface Description {
  shape: number[];
  affine: number[][];
  qform: number[][] | null;
  dtype: string;
  intent: number;
  units: string[];
  values: number[];
}

const describeScript = `
import json, sys, nibabel, numpy
out = []
for path in sys.argv[1:]:
    image = nibabel.load(path)
    header = image.header
    qform = image.get_qform(coded=True)[0]
    out.append({'shape': list(image.shape), 'affine': image.affine.tolist(),
        'qform': None if qform is None else qform.tolist(), 'dtype': header.get_data_dtype().name,
        'intent': int(header['intent_code']), 'units': list(header.get_xyzt_units()),
        'values': numpy.asarray(image.dataobj).flatten(order='F').tolist()})
print(json.dumps(out))
`;

const describeFiles = (paths: string[]): Promise<Description[]> => python.run(describeScript, paths);

function expectClose(actual: readonly (readonly number[])[], expected: readonly (readonly number[])[]): void {
  actual.forEach((row, i) => row.forEach((value, j) => expect(value).toBeCloseTo(expected[i]![j]!, 4)));
}

describe.skipIf(python.skipped)(python.skipped ? `nibabel (skipped: ${python.reason})` : 'nibabel', () => {
  it('is there', () => {
    expect(python.reason).toBe('');
  });

  it('reads what we write: every type, oblique, compressed or not', async () => {
    const names = Object.keys(kinds) as (keyof typeof kinds)[];
    const paths = names.map((name, index) => join(folder, `${name}.nii${index % 2 ? '.gz' : ''}`));
    for (const [index, name] of names.entries()) {
      const data: TypedNumberArray = new kinds[name](voxels);
      await writeNifti(paths[index]!, { data, shape: shape, affine: index % 2 ? sheared : rightAngled });
    }
    const found = await describeFiles(paths);
    found.forEach((description, index) => {
      const affine = index % 2 ? sheared : rightAngled;
      expect(description).toMatchObject({ shape: shape, intent: 0, units: ['mm', 'unknown'], values: voxels });
      expect(description.dtype).toBe(names[index]!.replace('Array', '').toLowerCase());
      expectClose(description.affine, affine);
      if (index % 2) expect(description.qform).toBeNull();
      else expectClose(description.qform!, affine);
    });
  });

  it('sees label maps and four axes', async () => {
    const labels = join(folder, 'labels.nii.gz');
    const four = join(folder, 'four.nii.gz');
    await writeNifti(labels, { data: Uint8Array.from(voxels), shape: shape, affine: sheared }, { labels: true });
    await writeNifti(four, { data: Float32Array.from(voxels), shape: [2, 3, 2, 2], affine: sheared });
    const [first, second] = await describeFiles([labels, four]);
    expect(first).toMatchObject({ intent: 1002, dtype: 'uint8', values: voxels });
    expect(second).toMatchObject({ shape: [2, 3, 2, 2], values: voxels });
  });

  it('and we agree on what it writes: types, byte orders, both versions, scaling, qform, pairs', async () => {
    const script = `
import json, sys, nibabel, numpy
folder = sys.argv[1]
values = (numpy.arange(24) * 5 + 1).reshape((4, 3, 2), order='F')
oblique, right_angled = (numpy.array(a) for a in json.loads(sys.argv[2]))
names = []
def save(name, image):
    nibabel.save(image, folder + '/' + name); names.append(name)
for dtype in ['uint8', 'int8', 'int16', 'uint16', 'int32', 'uint32', 'int64', 'uint64', 'float32', 'float64']:
    for order in '<>':
        header = nibabel.Nifti1Header(endianness=order)
        header.set_data_dtype(numpy.dtype(dtype).newbyteorder(order))
        image = nibabel.Nifti1Image(values.astype(dtype), oblique, header, dtype=numpy.dtype(dtype).newbyteorder(order))
        save('from_%s_%s.nii.gz' % (dtype, 'little' if order == '<' else 'big'), image)
save('from_2.nii.gz', nibabel.Nifti2Image(values.astype('int16'), oblique))
save('from_pair.img', nibabel.Nifti1Pair(values.astype('int16'), oblique))
quaternion = nibabel.Nifti1Image(values.astype('int16'), None)
quaternion.set_qform(right_angled, code=1); quaternion.set_sform(None, code=0)
save('from_quaternion.nii', quaternion)
scaled = nibabel.Nifti1Image((values * 0.37 - 12.5).astype('float64'), oblique)
scaled.set_data_dtype('int16')
save('from_scaled.nii.gz', scaled)
print(json.dumps(names))
`;
    const names = await python.run<string[]>(script, [folder, JSON.stringify([sheared, rightAngled])]);
    const paths = names.map((name) => join(folder, name));
    expect(paths.length).toBe(24);
    const found = await describeFiles(paths);
    const headers: NiftiHeader[] = [];
    for (const [index, path] of paths.entries()) {
      const volume = await readNifti(path);
      headers.push(volume.header);
      expect(volume.shape).toEqual(found[index]!.shape);
      expectClose(volume.affine, found[index]!.affine);
      found[index]!.values.forEach((value, voxel) => expect(volume.data[voxel]).toBeCloseTo(value, 4));
    }
    expect(headers.filter(({ littleEndian }) => !littleEndian)).toHaveLength(10);
    expect(headers.filter(({ version }) => version === 2)).toHaveLength(1);
    expect(headers.filter(({ slope }) => slope !== 1 && Number.isFinite(slope))).toHaveLength(1);
  });
});
