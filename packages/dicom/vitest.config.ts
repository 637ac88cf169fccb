import { unitTests } from '../../tools/build/vitest.ts';

export default unitTests('dicom');
