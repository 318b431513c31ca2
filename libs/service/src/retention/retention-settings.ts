import { z } from 'zod';

const mostDays = 36_500;

/** A setting of how many days something is kept. Left out: for ever. */
export const retentionDays = (least: number, description: string) =>
  z.coerce.number().int().min(least).max(mostDays).optional().describe(description);
