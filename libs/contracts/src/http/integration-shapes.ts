import { z } from 'zod';

import { createIntegration, updateIntegration } from '../commands/sync-runner/integration-commands.js';
import { nameSchema } from '../domain/text.js';

export const createIntegrationBodySchema = createIntegration.input
  .omit({ id: true, load: true })
  .extend({ load: z.string().max(60).nullable().default(null) });
export type CreateIntegrationBody = z.infer<typeof createIntegrationBodySchema>;

export const cloneIntegrationBodySchema = z.object({ name: nameSchema(120) });
export type CloneIntegrationBody = z.infer<typeof cloneIntegrationBodySchema>;

export const startUserRunBodySchema = z.object({
  vendorId: z.string().min(1).max(512),
  username: z.string().max(256).nullable().default(null),
});
export type StartUserRunBody = z.infer<typeof startUserRunBodySchema>;

/** Settings left out stay as they are (R24). */
export const updateIntegrationBodySchema = updateIntegration.input.omit({ id: true, ifVersion: true });
export type UpdateIntegrationBody = z.infer<typeof updateIntegrationBodySchema>;
