import { z } from 'zod';

import { credentialRecordSchema } from '../domain/credential.js';
import { credentialsTopic } from '../topics.js';
import { defineEvent } from './define-event.js';

export const credentialChanged = defineEvent({
  type: 'credential.changed',
  topic: credentialsTopic,
  source: 'credential-vault',
  description: 'The metadata or the secret of a credential changed. The secret itself is never in an event.',
  data: z.object({ credential: credentialRecordSchema, change: z.enum(['created', 'updated', 'deleted']) }),
});
