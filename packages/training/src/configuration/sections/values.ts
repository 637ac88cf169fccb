import { z } from 'zod';

/** A whole number of at least 1. */
export const count = z.int().min(1);
/** The weight of a term: 0 leaves it out. */
export const weight = z.number().min(0);
