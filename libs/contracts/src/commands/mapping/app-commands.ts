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
  description: 'Adds an app under Software > SaaS by hand. It has no users until it is linked.',
  input: z.object({ id: z.string(), name: z.string(), category: z.string() }),
  result: z.object({ app: appSchema }),
  errors: ['name-taken'],
});

export const linkApp = defineCommand({
  type: 'app.link',
  owner: 'mapping',
  senders: ['gateway'],
  description: 'Links an app that was added by hand to an entry of the catalogue. Integrations can then choose it.',
  input: z.object({ id: z.string(), catalogueId: z.string() }),
  result: z.object({ app: appSchema }),
  errors: ['entry-not-found', 'app-linked', 'not-in-catalogue'],
});
