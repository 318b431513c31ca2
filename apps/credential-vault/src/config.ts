import { SecretString } from '@rollcall/secrets';
import { allowLoopback, parseEnvironment, serviceConfigSchema } from '@rollcall/service';
import { z } from 'zod';

export const settingsSchema = serviceConfigSchema
  .extend({
    ROLLCALL_KEK_FILE: z
      .string()
      .min(1)
      .optional()
      .describe('File with the key-encryption key: 32 bytes as base64, readable by its owner only.'),
    ROLLCALL_KEK: z
      .string()
      .min(1)
      .transform((text) => new SecretString(text))
      .optional()
      .describe('The key-encryption key itself, for platforms that hand secrets over in the environment.')
      .meta({ isSecret: true }),
    ALLOW_LOOPBACK: allowLoopback,
  })
  .superRefine((config, context) => {
    const given = [config.ROLLCALL_KEK_FILE, config.ROLLCALL_KEK].filter((key) => key !== undefined).length;
    if (given === 1) return;
    const message =
      given === 0
        ? 'the vault needs its key-encryption key: set ROLLCALL_KEK_FILE or ROLLCALL_KEK'
        : 'set either ROLLCALL_KEK_FILE or ROLLCALL_KEK, not both: it would be unclear which key counts';
    context.addIssue({ code: 'custom', path: ['ROLLCALL_KEK'], message });
  });

export type VaultConfig = z.infer<typeof settingsSchema>;

/** @throws ConfigError with one line per wrong setting */
export function readConfig(environment: Record<string, string | undefined> = process.env): VaultConfig {
  return parseEnvironment(settingsSchema, environment);
}
