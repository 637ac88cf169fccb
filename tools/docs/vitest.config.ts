import { unitTests } from '../build/vitest.ts';

export default unitTests('docs');
