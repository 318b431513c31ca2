import { z } from 'zod';

import { defineCommand } from '../define-command.js';

export const observeAccount = defineCommand({
  type: 'account.observe',
  owner: 'mapping',
  senders: ['workflow'],
  description: 'What a workflow block learned about an account by reading it back, with its evidence.',
  input: z.object({
    account: z.string(),
    /** Epoch milliseconds when the vendor was asked; older knowledge is not applied over newer (B10). */
    observedAt: z.number().int(),
    finding: z.enum(['gone', 'inactive', 'active']),
    evidence: z.object({ workflowRun: z.string(), step: z.string(), text: z.string() }),
  }),
  result: z.object({ applied: z.boolean(), revision: z.number().int() }),
  errors: ['account-not-found'],
});
