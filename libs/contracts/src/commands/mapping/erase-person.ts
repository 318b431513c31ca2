import { z } from 'zod';

import { erasureRecordSchema } from '../../domain/erasure.js';
import { serviceNames } from '../../topics.js';
import { defineCommand } from '../define-command.js';

export const erasePerson = defineCommand({
  type: 'person.erase',
  owner: 'mapping',
  senders: ['gateway'],
  description:
    'Erases a person for good: values of the person and their accounts, and the old and new values of every change. Ids, times and causes stay.',
  input: z.object({ person: z.string(), reason: z.string().min(1).max(500) }),
  result: erasureRecordSchema,
  errors: [
    'person-not-found',
    'person-merged',
    'person-still-active',
    'person-still-listed',
    'person-in-open-work',
    'too-many-accounts',
  ],
});

export const confirmErasure = defineCommand({
  type: 'erasure.confirm',
  owner: 'mapping',
  senders: ['sync-runner', 'workflow', 'notifier', 'gateway'],
  description: 'The service that sends it has erased what it held of a person.',
  input: z.object({ person: z.string() }),
  result: z.object({ waitsFor: z.array(z.enum(serviceNames)) }),
  errors: ['erasure-not-found'],
});
