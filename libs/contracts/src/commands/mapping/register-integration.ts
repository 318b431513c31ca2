import { z } from 'zod';

import { contentSchema } from '../../domain/values.js';
import { defineCommand } from '../define-command.js';

export const registerIntegration = defineCommand({
  type: 'mapping.register-integration',
  owner: 'mapping',
  senders: ['sync-runner'],
  description:
    'Registers an integration with mapping, which creates its default mapping, its app and its place in the fold settings.',
  input: z.object({
    integration: z.string(),
    version: z.number().int(),
    connector: z.string(),
    name: z.string(),
    priority: z.number().int(),
    authoritative: z.boolean(),
    /** Integration whose newest mapping it begins with, instead of the connector's default. */
    mappingOf: z.string().nullable(),
    /** Who changed it: they do not approve what follows from it. Null where nobody is known. */
    by: z.string().nullable().default(null),
    /** What it brings; users alone have no entry under Software > SaaS (R25). */
    content: contentSchema.default('user-and-saas-user'),
    /** Entry that was chosen for its users; null: the vendor's own, which makes itself (R30). */
    chosenApp: z.string().nullable().default(null),
  }),
  result: z.object({ mappingVersion: z.number().int(), app: z.string().nullable(), settingsVersion: z.number().int() }),
  errors: ['unknown-connector'],
});
