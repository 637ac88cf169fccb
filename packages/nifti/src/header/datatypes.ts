import type { TypedBigIntArray, TypedNumberArray } from '../arrays.ts';
import { DataError, OptionError } from '@interseg/errors';

/** A data type of NIfTI that this package reads. */
export interface Datatype {
  /** NIfTI's code, such as 4. */
  readonly code: number;
  /** The name in NumPy, such as `'int16'`. */
  readonly name: string;
  /** Bytes per voxel on disk. */
  readonly bytes: number;
  /** Bytes per voxel in the array before scaling. */
  readonly bytesInMemory: number;
  /** Whether single precision is enough after scaling: integers of up to 16 bits, and single precision itself. */
  readonly fitsSingle: boolean;
}

const readableTypes: readonly Datatype[] = [
  { code: 2, name: 'uint8', bytes: 1, bytesInMemory: 1, fitsSingle: true },
  { code: 4, name: 'int16', bytes: 2, bytesInMemory: 2, fitsSingle: true },
  { code: 8, name: 'int32', bytes: 4, bytesInMemory: 4, fitsSingle: false },
  { code: 16, name: 'float32', bytes: 4, bytesInMemory: 4, fitsSingle: true },
  { code: 64, name: 'float64', bytes: 8, bytesInMemory: 8, fitsSingle: false },
  { code: 256, name: 'int8', bytes: 1, bytesInMemory: 1, fitsSingle: true },
  { code: 512, name: 'uint16', bytes: 2, bytesInMemory: 2, fitsSingle: true },
  { code: 768, name: 'uint32', bytes: 4, bytesInMemory: 4, fitsSingle: false },
  { code: 1024, name: 'int64', bytes: 8, bytesInMemory: 8, fitsSingle: false },
  { code: 1280, name: 'uint64', bytes: 8, bytesInMemory: 8, fitsSingle: false },
];

const refusedTypes: ReadonlyMap<number, string> = new Map([
  [0, 'unknown (0)'],
  [1, 'binary (1 bit a voxel)'],
  [32, 'complex64'],
  [128, 'RGB24'],
  [1536, 'float128'],
  [1792, 'complex128'],
  [2048, 'complex256'],
  [2304, 'RGBA32'],
]);

/**
 * Finds the data type with a code.
 *
 * @param file the file's name, for the error
 * @throws DataError if voxels are not single real numbers (RGB, complex, …), or the code does not exist
 */
export function datatypeFromCode(code: number, file: string): Datatype {
  const datatype = readableTypes.find((candidate) => candidate.code === code);
  if (datatype) return datatype;
  const name = refusedTypes.get(code) ?? `with the code ${code}, which does not exist`;
  throw new DataError(
    `${file}: voxels have the data type ${name}, expected real numbers (integers of 8 to 64 bits, float32 or float64).`,
  );
}

/** The data type in which a typed array is written. @throws OptionError for any other object */
export function datatypeOfElements(array: TypedNumberArray | TypedBigIntArray): Datatype {
  const name = array.constructor.name.replace(/^Big|Array$/g, '').toLowerCase();
  const datatype = readableTypes.find((candidate) => candidate.name === name);
  if (!datatype) {
    throw new OptionError(`The voxels are in a ${array.constructor.name}, expected a typed array of numbers.`);
  }
  return datatype;
}
