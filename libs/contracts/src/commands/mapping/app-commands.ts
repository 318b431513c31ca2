import { z } from 'zod';

import { defineCommand } from '../define-command.js';

/** An entry of Software > SaaS as its owner tells it. */
const appSchema = z.object({
  id: z.string(),
  name: z.string(),
  category: z.string(),
  connector: z.string().nullable(),
  linkedBy: z.enum(['auto', 'person']),
  createdAt: z.string(),
});
export type AppRecord = z.infer<typeof appSchema>;

export const createApp = defineCommand({
  type: 'app.create',
  owner: 'mapping',
  senders: ['gateway'],
  description: 'Adds an entry under Software > SaaS by hand; nothing belongs to it until it is linked (R31).',
  input: z.object({ id: z.string(), name: z.string(), category: z.string() }),
  result: z.object({ app: appSchema }),
  errors: ['name-taken'],
});

export const linkApp = defineCommand({
  type: 'app.link',
  owner: 'mapping',
  senders: ['gateway'],
  description:
    'Links an entry made by hand to an application of the catalogue; integrations may then choose it (R29, R31).',
  input: z.object({ id: z.string(), catalogueId: z.string() }),
  result: z.object({ app: appSchema }),
  errors: ['entry-not-found', 'app-linked', 'not-in-catalogue'],
});
