import { z } from 'zod';

import { encryptionKeysSchema, keyVerificationSchema } from '../../domain/encryption-keys.js';
import { defineCommand } from '../define-command.js';

export const rotateKeysInputSchema = z
  .object({
    what: z
      .enum(['all', 'data-key', 'key-encryption-key'])
      .default('all')
      .describe(
        '`data-key`: a new data key, under which everything is encrypted again. `key-encryption-key`: data keys are wrapped by the key that is configured now.',
      ),
  })
  .meta({ description: 'Which keys are replaced.', examples: [{ what: 'all' }] });

export const rotateKeys = defineCommand({
  type: 'encryption-keys.rotate',
  owner: 'credential-vault',
  senders: ['gateway'],
  description:
    'Wraps the data keys by the configured key-encryption key, makes a new data key, or both. What is stored is encrypted again in the background.',
  input: rotateKeysInputSchema,
  result: encryptionKeysSchema,
  errors: ['key-provider-unavailable', 'key-encryption-key-missing', 'wrong-key-encryption-key', 'data-keys-missing'],
});

export const verifyKeys = defineCommand({
  type: 'encryption-keys.verify',
  owner: 'credential-vault',
  senders: ['gateway'],
  description:
    'Decrypts everything that is stored, each for its own place, and follows the chains of the use log. Names what does not fit, never a value.',
  input: z.object({}),
  result: keyVerificationSchema,
  errors: [],
});
