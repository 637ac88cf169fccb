import { largestContext, planes, resizings, type Modality, type SliceSettings } from '@interseg/data';
import { z } from 'zod';
import { option } from '../option.ts';
import { count } from './values.ts';

const look = { changesLook: true };

const schema = z.strictObject({
  size: option(
    z.union([count.transform((n): [number, number] => [n, n]), z.tuple([count, count])]).default([96, 96]),
    'height and width of the slices, or patches of them, that the network sees',
    look,
  ),
  plane: option(z.enum(planes).default('axial'), 'plane of the slices', look),
  spacing: option(
    z.number().positive().optional(),
    "mm between pixels that slices are resampled to; defaults to the file's",
    look,
  ),
  resizing: option(
    z.enum(resizings).default('shrink'),
    'how slices fit the size: shrink larger ones; fit: enlarge smaller ones, too; crop larger ones; patch: train on random patches, predict with overlapping tiles',
    look,
  ),
  context: option(
    z.int().min(0).max(largestContext).default(0),
    'slices on each side that the network sees as channels beside the slice',
    look,
  ),
  contextSpacing: option(
    z.number().positive().optional(),
    'mm between the slices of the context; defaults to the neighbouring slices, whatever their gaps',
    look,
  ),
  intensity: option(
    z.enum(['auto', 'percentiles', 'zscore', 'window', 'none']).default('auto'),
    'how intensities are normalised; auto: percentiles for MR, window for CT',
    look,
  ),
  window: option(
    z.tuple([z.number(), z.number().positive()]).optional(),
    'level and width of the CT window, in HU; defaults to 40,400',
    look,
  ),
});

/** How volumes become slices. */
export const slicesSection = { title: 'Slices', schema, derive };

function derive(
  { size, plane, spacing, resizing, context, contextSpacing, intensity, window }: z.output<typeof schema>,
  modality: Modality,
): SliceSettings {
  const kind = intensity === 'auto' ? (modality === 'ct' ? 'window' : 'percentiles') : intensity;
  const isGiven = kind === 'window' && window !== undefined;
  const normalization = isGiven ? { kind, level: window[0], width: window[1] } : { kind };
  // Left out rather than undefined: a model's description is JSON.
  return {
    size,
    plane,
    normalization,
    resizing,
    ...(spacing !== undefined && { spacing }),
    ...(context > 0 && { context }),
    ...(contextSpacing !== undefined && { contextSpacing }),
  };
}
