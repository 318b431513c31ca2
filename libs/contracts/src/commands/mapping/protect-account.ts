import { z } from 'zod';

import { defineCommand } from '../define-command.js';

export const protectAccount = defineCommand({
  type: 'account.protect',
  owner: 'mapping',
  senders: ['gateway'],
  description:
    'Sets or clears the protected flag of an account. No run and no workflow deactivates a protected account.',
  input: z.object({ account: z.string(), protected: z.boolean() }),
  result: z.object({ account: z.string(), protected: z.boolean(), revision: z.number().int() }),
  errors: ['account-not-found'],
});

export const protectPerson = defineCommand({
  type: 'person.protect',
  owner: 'mapping',
  senders: ['gateway'],
  description: 'Sets or clears the protected flag of a person.',
  input: z.object({ person: z.string(), protected: z.boolean() }),
  result: z.object({ person: z.string(), protected: z.boolean(), revision: z.number().int() }),
  errors: ['person-not-found', 'person-erased'],
});

export const holdAccount = defineCommand({
  type: 'account.hold',
  owner: 'mapping',
  senders: ['gateway'],
  description: 'Holds an account active or inactive. Runs then report the difference instead of changing it.',
  input: z.object({
    account: z.string(),
    hold: z.boolean(),
    active: z.boolean().nullable(),
    reason: z.string().max(500),
  }),
  result: z.object({ account: z.string(), active: z.boolean(), revision: z.number().int() }),
  errors: ['account-not-found'],
});
