import { autoEncoder } from '../mask-paths/auto-encoder.ts';
import { inter } from '../mask-paths/inter.ts';
import { sharedAutoEncoder } from '../mask-paths/shared-auto-encoder.ts';
import type { Mechanism } from './variant.ts';

/** The mechanisms of Yuan et al., arXiv 2012.03673, and the plain backbone to compare them with. */
export const mechanisms: readonly Mechanism[] = [
  { name: '', title: '', description: 'The backbone alone.', reconstruction: false },
  {
    name: 'inter',
    title: 'Inter',
    description: 'The mask passes through the same network, and features are matched level by level.',
    maskPath: inter,
    reconstruction: false,
  },
  {
    name: 'ae',
    title: 'AE',
    description: 'The mask passes through a separate auto-encoder, whose features are the targets.',
    maskPath: autoEncoder,
    reconstruction: false,
  },
  {
    name: 'sae',
    title: 'SAE',
    description: 'The mask passes through its own encoder and the shared decoder.',
    maskPath: sharedAutoEncoder,
    reconstruction: false,
  },
  {
    name: 'tw',
    title: 'TW',
    description: 'A decoder with the tied weights of the encoder reconstructs the input.',
    reconstruction: true,
  },
  {
    name: 'twi',
    title: 'TWI',
    description: 'Inter together with the tied-weight reconstruction.',
    maskPath: inter,
    reconstruction: true,
  },
  {
    name: 'twae',
    title: 'TWAE',
    description: 'SAE together with the tied-weight reconstruction.',
    maskPath: sharedAutoEncoder,
    reconstruction: true,
  },
];
