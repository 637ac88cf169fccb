import { mergeConfig, type ViteUserConfig } from 'vitest/config';
import { unitTests } from '../../tools/build/vitest.ts';

/** Some tests run the command in a process of its own, from a bundle of the sources. */
export default mergeConfig(unitTests('cli') as ViteUserConfig, { test: { globalSetup: ['./test/bundle.ts'] } });
