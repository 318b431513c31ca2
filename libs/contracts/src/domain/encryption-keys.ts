import { z } from 'zod';

/** Where the key comes from that data keys are wrapped by. */
export const keyProviderNames = ['file', 'environment', 'transit'] as const;
export type KeyProviderName = (typeof keyProviderNames)[number];

const count = z.number().int().nonnegative();

export const dataKeyStateSchema = z.object({
  id: z.string(),
  state: z.enum(['current', 'retired']),
  /** Null: by a key that this vault is not given any more. */
  provider: z.enum(keyProviderNames).nullable(),
  /** The wrapping key by its own name and version, or by what identifies it without telling it. */
  wrappedBy: z.string(),
  /** By the newest version of the key that new data keys are to be wrapped by. */
  isWrappedByNewest: z.boolean(),
  secrets: count.describe('Stored secret fields that only this data key opens.'),
  tokens: count.describe('Cached access tokens that only this data key opens.'),
  encryptions: count.describe('Encryptions counted for it, in blocks reserved in advance. It is replaced at 2^31.'),
  createdAt: z.iso.datetime(),
  retiredAt: z.iso.datetime().nullable(),
});

export const keyRotationSchema = z.object({
  startedAt: z.iso.datetime(),
  reason: z.enum(['asked', 'age', 'encryptions']),
  total: count.describe('Ciphertexts under replaced data keys when the rotation began.'),
  left: count.describe('Ciphertexts that still are under replaced data keys.'),
  unreadable: count.describe('Of those left, how many do not open. `verify` names them.'),
  finishedAt: z.iso.datetime().nullable(),
});
export type KeyRotation = z.infer<typeof keyRotationSchema>;

export const encryptionKeysSchema = z.object({
  keyEncryptionKey: z.object({ provider: z.enum(keyProviderNames), name: z.string() }),
  dataKeys: z.array(dataKeyStateSchema),
  rotation: keyRotationSchema.nullable(),
  countedAt: z.iso.datetime(),
});
export type EncryptionKeys = z.infer<typeof encryptionKeysSchema>;

/** Most findings of one kind that an answer names; the counts are complete. */
export const mostNamedFaults = 200;

export const keyVerificationSchema = z.object({
  dataKeys: count,
  /** Of data keys that do not open. */
  unreadableDataKeys: z.array(z.string()),
  checked: count.describe(
    'Secret fields and cached tokens that were decrypted, each for the place where it is stored.',
  ),
  unreadable: count,
  faults: z.array(
    z.object({
      credential: z.string(),
      name: z.string().nullable().describe('Null: no credential has this id any more.'),
      field: z.string(),
      reason: z.string(),
    }),
  ),
  useLog: z.object({
    entries: count,
    unchained: count.describe('Of before entries were chained. Nothing can be said about them.'),
    broken: count,
    faults: z.array(z.object({ entry: z.string(), reason: z.string() })),
  }),
});
export type KeyVerification = z.infer<typeof keyVerificationSchema>;
