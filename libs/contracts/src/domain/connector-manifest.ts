import { z } from 'zod';

import { defaultMappingSchema } from './mapping.js';
import { presetSchema } from './preset.js';

const linkSchema = z.object({ label: z.string(), url: z.url() });
export type DocumentationLink = z.infer<typeof linkSchema>;

/** One input that a form asks for. Secret inputs are sealed to the vault and never read back. */
export const inputSchema = z.object({
  name: z.string().regex(/^[a-z][a-zA-Z0-9]*$/),
  label: z.string(),
  hint: z.string().optional(),
  secret: z.boolean(),
  required: z.boolean(),
});
export type Input = z.infer<typeof inputSchema>;

/**
 * How the values of a credential travel to the vendor, as data: `basic` makes an Authorization header, `header` one
 * header with the value of a field, `query` a query parameter, `body` fields of the JSON body.
 */
export const authPlacementSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('basic'), username: z.string(), password: z.string() }),
  z.object({ kind: z.literal('header'), name: z.string(), field: z.string() }),
  z.object({ kind: z.literal('query'), name: z.string(), field: z.string() }),
  z.object({
    kind: z.literal('body'),
    fields: z.record(z.string(), z.object({ field: z.string(), as: z.enum(['string', 'integer-if-digits']) })),
  }),
]);
export type AuthPlacement = z.infer<typeof authPlacementSchema>;

export const credentialTypeSchema = z.enum(['basic', 'api-key']);
export type CredentialType = z.infer<typeof credentialTypeSchema>;

export const authSchemeSchema = z.object({
  type: credentialTypeSchema,
  label: z.string(),
  inputs: z.array(inputSchema).min(1),
  placement: authPlacementSchema,
});
export type AuthScheme = z.infer<typeof authSchemeSchema>;

export const connectorFieldSchema = z.object({
  /** Path inside the vendor's user object, dots between names. */
  path: z.string(),
  label: z.string(),
  type: z.enum(['text', 'number', 'boolean', 'date-time']),
  /** For `date-time`: the vendor's form and, where the text carries none, its zone. */
  date: z
    .object({ format: z.enum(['iso', 'epoch-ms', 'yyyy-mm-dd hh:mm:ss']), zone: z.string().optional() })
    .optional(),
});
export type ConnectorField = z.infer<typeof connectorFieldSchema>;

/** Everything about a vendor that is data. The catalogue shows it; nothing else about a vendor is known outside. */
export const connectorManifestSchema = z.object({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/),
  name: z.string(),
  version: z.number().int().positive(),
  description: z.string(),
  documentation: z.array(linkSchema).min(1),
  prerequisites: z.array(z.object({ text: z.string(), url: z.url().optional() })),
  /** Base URL of the vendor. A credential is bound to its origin (architecture 8). */
  baseUrl: z.url(),
  authSchemes: z.array(authSchemeSchema).min(1),
  /** Words by which the vendor refuses a credential in an answer that is no JSON, whatever its status says (V8). */
  credentialRefusedText: z.string().min(1).optional(),
  inputs: z.array(inputSchema),
  loads: z.array(z.object({ id: z.string(), label: z.string() })).min(1),
  installationTypes: z.array(z.enum(['cloud', 'local'])).min(1),
  fields: z.array(connectorFieldSchema),
  trackingLabels: z.object({ syncTime: z.string(), credentialName: z.string().nullable() }),
  /** One bucket per credential: at most `capacity` requests at once, refilled by `perSecond` (G5). */
  rateBudget: z.object({ capacity: z.number().positive(), perSecond: z.number().positive() }),
  capabilities: z.object({
    role: z.enum(['vendor', 'default', 'none']),
    lastActivity: z.boolean(),
    confirmById: z.boolean(),
    statesTotal: z.boolean(),
    marksAdministrators: z.boolean(),
  }),
  presets: z.array(presetSchema),
  app: z.object({ catalogueId: z.string(), name: z.string(), category: z.string() }),
  defaultMapping: defaultMappingSchema,
});
export type ConnectorManifest = z.infer<typeof connectorManifestSchema>;
