import { z } from 'zod';

/** Id of an aggregate in a path. Account ids hold vendor ids, workflow runs the id of their event: any text, bounded. */
export const pathIdSchema = z.object({
  id: z
    .string()
    .min(1)
    .max(600)
    .meta({ description: 'Id of the record.', examples: ['81020894-1279-88c1-96c6-fb5fc659feef'] }),
});
