import { z } from 'zod';

import { leasePurposeSchema } from '../../domain/credential.js';
import { defineCommand, sealedFieldSchema } from '../define-command.js';

/** Life of a lease in milliseconds (architecture 8). */
export const leaseLifeMs = 15 * 60_000;

export const requestLease = defineCommand({
  type: 'lease.request',
  owner: 'credential-vault',
  senders: ['sync-runner', 'workflow'],
  description:
    'Leases the material of a credential, sealed (HPKE) to the ephemeral public key of the caller and bound to the command id. The use is logged before it is answered.',
  input: z.object({
    credential: z.string(),
    purpose: leasePurposeSchema,
    /** Raw uncompressed P-256 point, base64url. */
    publicKey: z.string().min(1).max(256),
  }),
  result: z.object({
    credential: z.string(),
    secretVersion: z.number().int(),
    /** `LeaseMaterial` as JSON, sealed; field name of the seal is `lease`. */
    sealed: sealedFieldSchema,
    expiresAt: z.iso.datetime(),
  }),
  errors: ['credential-not-found', 'secret-unreadable', 'public-key-unusable'],
});
