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
    "Leases the material of a credential, sealed (HPKE) to the caller's ephemeral public key and bound to the command id. The use is logged before the answer.",
  input: z.object({
    credential: z.string(),
    purpose: leasePurposeSchema,
    /** Raw uncompressed P-256 point, base64url. */
    publicKey: z.string().min(1).max(256),
    /**
     * What the vendor refused with 401, from the lease held so far. The vault asks for a new token only if that is its
     * newest (G4), so a hundred holders cause one request.
     */
    refused: z.object({ secretVersion: z.number().int(), tokenVersion: z.number().int().nullable() }).nullable(),
  }),
  result: z.object({
    credential: z.string(),
    secretVersion: z.number().int(),
    tokenVersion: z.number().int().nullable(),
    /** `LeaseMaterial` as JSON, sealed; field name of the seal is `lease`. */
    sealed: sealedFieldSchema,
    /** End of the lease, never after the end of its token. */
    expiresAt: z.iso.datetime(),
    /** The same as milliseconds from the answer on, for holders whose clock differs (P44). */
    lifeMs: z.number().int(),
  }),
  errors: ['credential-not-found', 'secret-unreadable', 'public-key-unusable', 'token-refused', 'token-unavailable'],
});

/** What a vendor made of a credential, told by whoever used it (V19). */
export const reportCredential = defineCommand({
  type: 'credential.report',
  owner: 'credential-vault',
  senders: ['sync-runner', 'workflow'],
  description:
    'Marks a credential as refused by its vendor, or as accepted again. Reports about older secrets are ignored.',
  input: z.object({
    credential: z.string(),
    secretVersion: z.number().int(),
    /** Null: the vendor accepted it. */
    refused: z.object({ code: z.string(), message: z.string().max(2000) }).nullable(),
  }),
  result: z.object({ changed: z.boolean() }),
  errors: ['credential-not-found'],
});
