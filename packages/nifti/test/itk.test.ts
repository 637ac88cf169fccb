import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findPython } from '../../../tools/build/python.ts';
import { readNifti, scalingAffine, writeNifti, type Affine } from '../src/index.ts';
import { rightAngled, turned } from './grids.ts';
import { temporaryFolder } from '../../../tools/build/temporary-folder.ts';

/** A cross-check with ITK: what 3D Slicer, ITK-SNAP and most pipelines in C++ read and write. */
const python = await findPython(['SimpleITK', 'numpy']);
const folder = await temporaryFolder();
const grids = { right: rightAngled, turned: turned, plain: scalingAffine([0.5, 1, 2.5], [-10, 20, 30]) };
const shape = [4, 3, 2];
const values = Array.from({ length: 24 }, (_, index) => index * 5 + 1);

interface Description {
  size: number[];
  /** Where ITK puts the voxels (0, 0, 0), (1, 0, 0), (0, 1, 0) and (0, 0, 1), in millimetres, LPS. */
  points: number[][];
  type: string;
  values: number[];
}

const describeScript = `
import json, sys, SimpleITK as sitk
out = []
for path in sys.argv[1:]:
    image = sitk.ReadImage(path)
    corners = [[0] * image.GetDimension()] + [[int(a == b) for b in range(image.GetDimension())] for a in range(image.GetDimension())]
    out.append({'size': image.GetSize(), 'points': [image.TransformIndexToPhysicalPoint(c) for c in corners],
        'type': image.GetPixelIDTypeAsString(), 'values': sitk.GetArrayFromImage(image).flatten().tolist()})
print(json.dumps(out))
`;

/** The points of ITK that an affine in RAS stands for: both first coordinates the other way round. */
function pointsOf(affine: Affine): number[][] {
  return [-1, 0, 1, 2].map((axis) =>
    [0, 1, 2].map((row) => (row < 2 ? -1 : 1) * (affine[row]![3]! + (axis < 0 ? 0 : affine[row]![axis]!))),
  );
}

function expectClose(actual: readonly (readonly number[])[], expected: readonly (readonly number[])[]): void {
  expect(actual).toHaveLength(expected.length);
  actual.forEach((row, i) => row.forEach((value, j) => expect(value).toBeCloseTo(expected[i]![j]!, 4)));
}

describe.skipIf(python.skipped)(python.skipped ? `ITK (skipped: ${python.reason})` : 'ITK', () => {
  it('is there', () => {
    expect(python.reason).toBe('');
  });

  it('reads what we write at the same place: images and label maps, compressed or not', async () => {
    const paths: string[] = [];
    for (const [name, affine] of Object.entries(grids)) {
      const [image, labels] = [join(folder, `${name}.nii`), join(folder, `${name}_labels.nii.gz`)];
      await writeNifti(image, { data: Int16Array.from(values), shape: shape, affine });
      await writeNifti(labels, { data: Uint8Array.from(values), shape: shape, affine }, { labels: true });
      paths.push(image, labels);
    }
    const found = await python.run<Description[]>(describeScript, paths);
    found.forEach((one, index) => {
      expect(one).toMatchObject({ size: shape, values });
      expect(one.type).toBe(index % 2 ? '8-bit unsigned integer' : '16-bit signed integer');
      expectClose(one.points, pointsOf(Object.values(grids)[index >> 1]!));
    });
  });

  it('reads two and four axes', async () => {
    const [two, four] = [join(folder, 'two.nii.gz'), join(folder, 'four.nii')];
    await writeNifti(two, { data: Int16Array.from(values), shape: [6, 4], affine: scalingAffine([0.5, 2, 1]) });
    await writeNifti(four, { data: Float32Array.from(values), shape: [2, 3, 2, 2], affine: turned });
    const found = await python.run<Description[]>(describeScript, [two, four]);
    expect(found[0]).toMatchObject({ size: [6, 4], values });
    expect(found[1]).toMatchObject({ size: [2, 3, 2, 2], values });
    expectClose(
      found[1]!.points.slice(0, 4).map((point) => point.slice(0, 3)),
      pointsOf(turned),
    );
  });

  it('and we read what it writes at the same place', async () => {
    const script = `
import json, sys, numpy, SimpleITK as sitk
folder, grids = sys.argv[1], json.loads(sys.argv[2])
out = []
for name, affine in grids.items():
    a = numpy.diag([-1, -1, 1, 1]) @ numpy.array(affine)
    spacing = numpy.linalg.norm(a[:3, :3], axis=0)
    image = sitk.GetImageFromArray((numpy.arange(24, dtype='int16') * 5 + 1).reshape(2, 3, 4))
    image.SetSpacing(spacing.tolist()); image.SetDirection((a[:3, :3] / spacing).flatten().tolist())
    image.SetOrigin(a[:3, 3].tolist())
    path = folder + '/from_itk_' + name + '.nii.gz'
    sitk.WriteImage(image, path); out.append(path)
print(json.dumps(out))
`;
    const paths = await python.run<string[]>(script, [folder, JSON.stringify(grids)]);
    for (const [index, path] of paths.entries()) {
      const volume = await readNifti(path);
      expect(volume.shape).toEqual(shape);
      expect([...volume.data]).toEqual(values);
      expectClose(volume.affine, Object.values(grids)[index]!);
    }
  });
});
