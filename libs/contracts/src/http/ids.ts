import { z } from 'zod';

/** Id of an aggregate in a path. Account ids hold vendor ids, workflow runs the id of their event: any text, bounded. */
export const pathIdSchema = z.object({ id: z.string().min(1).max(600) });
