import { z } from 'zod';

import { connectorManifestSchema } from '../domain/connector-manifest.js';
import { wholeListSchema } from './page.js';

export const connectorListSchema = wholeListSchema(connectorManifestSchema);

/** One type of event that the product publishes, with the JSON Schema of its data. */
export const eventTypeSchema = z.object({
  type: z.string(),
  topic: z.string(),
  visibility: z.enum(['public', 'internal']),
  description: z.string(),
  dataSchema: z.record(z.string(), z.unknown()),
});
export const eventTypeListSchema = wholeListSchema(eventTypeSchema);
