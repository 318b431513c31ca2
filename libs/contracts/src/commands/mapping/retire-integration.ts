import { z } from 'zod';

import { defineCommand } from '../define-command.js';

/** What becomes of the accounts of an integration that is taken away. */
export const leftDataSchema = z.enum(['keep', 'clean']);
export type LeftData = z.infer<typeof leftDataSchema>;

export const retireIntegration = defineCommand({
  type: 'mapping.retire-integration',
  owner: 'mapping',
  senders: ['sync-runner'],
  description:
    'Tells mapping that an integration was deleted. Its samples are deleted, and with "clean" its accounts are retired. People stay.',
  input: z.object({ integration: z.string(), data: leftDataSchema }),
  result: z.object({ accounts: z.number().int() }),
  errors: [],
});
