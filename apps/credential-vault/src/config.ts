import { type KeyProviderName, keyProviderNames } from '@rollcall/contracts';
import { SecretString } from '@rollcall/secrets';
import { allowLoopback, parseEnvironment, retentionDays, serviceConfigSchema } from '@rollcall/service';
import { z } from 'zod';

import { transitSettings } from './keys/transit-settings.js';

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
    ...transitSettings,
    ROLLCALL_KEK_PROVIDER: z
      .enum(keyProviderNames)
      .optional()
      .describe(
        'Which of several given key-encryption keys wraps from now on. The others only open what they wrapped before. Needed only while there are several.',
      ),
    ROLLCALL_KEK_PREVIOUS_FILE: z
      .string()
      .min(1)
      .optional()
      .describe('File with the key-encryption key of before, while data keys are still wrapped by it.'),
    ALLOW_LOOPBACK: allowLoopback,
    RETENTION_USE_LOG_DAYS: retentionDays(30, 'Days for which uses of secrets are kept, 400 at most.'),
  })
  .superRefine((config, context) => {
    const refuse = (name: string, message: string) => context.addIssue({ code: 'custom', path: [name], message });
    const given = givenProviders(config);
    const wanted = config.ROLLCALL_KEK_PROVIDER;
    if (given.length === 0) {
      const names = 'ROLLCALL_KEK_FILE or ROLLCALL_KEK, or ROLLCALL_KEK_TRANSIT_URL';
      refuse('ROLLCALL_KEK', `the vault needs its key-encryption key: set ${names}`);
    } else if (given.length > 1 && wanted === undefined) {
      const message = `set one key-encryption key, not both or all of ${given.join(' and ')}: it would be unclear which counts. While one takes over from another, say here which one wraps from now on`;
      refuse('ROLLCALL_KEK_PROVIDER', message);
    } else if (wanted !== undefined && !given.includes(wanted)) {
      refuse('ROLLCALL_KEK_PROVIDER', `it names ${wanted}, which is not set`);
    }
    if (given.includes('transit') && config.ROLLCALL_KEK_TRANSIT_TOKEN_FILE === undefined) {
      refuse('ROLLCALL_KEK_TRANSIT_TOKEN_FILE', 'the transit engine is asked with a token: set the file that holds it');
    }
  });

export type VaultConfig = z.infer<typeof settingsSchema>;

type KeySettings = Pick<VaultConfig, 'ROLLCALL_KEK_FILE' | 'ROLLCALL_KEK' | 'ROLLCALL_KEK_TRANSIT_URL'>;

export function givenProviders(config: KeySettings): KeyProviderName[] {
  const settings = {
    file: config.ROLLCALL_KEK_FILE,
    environment: config.ROLLCALL_KEK,
    transit: config.ROLLCALL_KEK_TRANSIT_URL,
  };
  return keyProviderNames.filter((name) => settings[name] !== undefined);
}

/** The one that wraps. */
export function currentProvider(config: KeySettings & Pick<VaultConfig, 'ROLLCALL_KEK_PROVIDER'>): KeyProviderName {
  return config.ROLLCALL_KEK_PROVIDER ?? givenProviders(config)[0]!;
}

/** @throws ConfigError with one line per wrong setting */
export function readConfig(environment: Record<string, string | undefined> = process.env): VaultConfig {
  return parseEnvironment(settingsSchema, environment);
}
