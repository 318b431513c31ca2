import { z } from 'zod';

import { authSchemeSchema, connectorManifestSchema } from '../domain/connector-manifest.js';
import { wholeListSchema } from './page.js';

/** A connector as the catalogue shows it. */
export const catalogConnectorSchema = connectorManifestSchema.extend({
  /** `data:` URL of an SVG image. */
  logo: z.string().startsWith('data:image/svg+xml'),
});
export type CatalogConnector = z.infer<typeof catalogConnectorSchema>;
export const connectorListSchema = wholeListSchema(catalogConnectorSchema);

/** Narrows the catalogue. */
export const catalogQuerySchema = z.object({
  q: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .optional()
    .meta({
      description: 'Words of the name, of the app or of its category, in any case and order. Each has to be there.',
      examples: ['password'],
    }),
});
export type CatalogQuery = z.infer<typeof catalogQuerySchema>;

/** One type of event that the product publishes, with the JSON Schema of its data. */
export const eventTypeSchema = z.object({
  type: z.string(),
  topic: z.string(),
  visibility: z.enum(['public', 'internal']),
  description: z.string(),
  dataSchema: z.record(z.string(), z.unknown()),
});
export const eventTypeListSchema = wholeListSchema(eventTypeSchema);

/** The ways to sign in of Advanced Mode. */
export const credentialTypeListSchema = wholeListSchema(authSchemeSchema);
