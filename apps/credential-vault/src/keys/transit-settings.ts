import { isSecureAddress } from '@rollcall/service';
import { z } from 'zod';

/** Of a server of keys that speaks the transit protocol of Vault and OpenBao. */
export const transitSettings = {
  ROLLCALL_KEK_TRANSIT_URL: z
    .string()
    .refine((text) => URL.canParse(text) && new URL(text).pathname === '/', 'must be https://host:port, without a path')
    .refine(isSecureAddress, 'must begin with https://')
    .optional()
    .describe(
      'Vault or OpenBao whose transit engine wraps the data keys, as `https://host:port`. The key-encryption key then never is on this machine.',
    ),
  ROLLCALL_KEK_TRANSIT_KEY: z
    .string()
    .regex(/^[\w-]+(\/[\w-]+)+$/, 'must be <mount>/<key>, of letters, digits, _ and -')
    .default('transit/rollcall')
    .describe('Where the transit engine is mounted, and the name of the key, as `<mount>/<key>`.'),
  ROLLCALL_KEK_TRANSIT_TOKEN_FILE: z
    .string()
    .min(1)
    .optional()
    .describe('File with the token for the transit engine, readable by its owner only. It is read anew each time.'),
  ROLLCALL_KEK_TRANSIT_CA_FILE: z
    .string()
    .min(1)
    .optional()
    .describe('File with the certificate authority of that server, if it is none that is known anyway.'),
};
