import { z } from 'zod';

import { createIntegration, updateIntegration } from '../commands/sync-runner/integration-commands.js';
import { mappingDefinitionSchema } from '../domain/mapping.js';
import { isoTimeSchema } from '../domain/values.js';

export const createIntegrationBodySchema = createIntegration.input
  .omit({ id: true, load: true })
  .extend({ load: z.string().max(60).nullable().default(null) });
export type CreateIntegrationBody = z.infer<typeof createIntegrationBodySchema>;

/** Settings left out stay as they are (R24). */
export const updateIntegrationBodySchema = updateIntegration.input.omit({ id: true, ifVersion: true });
export type UpdateIntegrationBody = z.infer<typeof updateIntegrationBodySchema>;

/** The newest mapping of an integration. */
export const integrationMappingSchema = z.object({
  integration: z.string(),
  version: z.number().int(),
  definition: mappingDefinitionSchema,
  createdAt: isoTimeSchema,
});
