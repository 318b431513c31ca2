import { resolve } from 'node:path';

import { describe, expect, it } from '@jest/globals';
import { serviceNames } from '@rollcall/contracts';
import { runCommand } from '@rollcall/engines';

const root = resolve(import.meta.dirname, '..', '..', '..');
const on = { ALLOW_LOOPBACK: 'true', RATE_BUDGET_FACTOR: '10', NODE_TLS_REJECT_UNAUTHORIZED: '0' };
/** Complete for every service, so that nothing but the switches is wrong. Nothing listens there. */
const complete = {
  PATH: process.env['PATH'],
  NODE_ENV: 'production',
  KAFKA_BROKERS: '127.0.0.1:1',
  MONGODB_URI: 'mongodb://127.0.0.1:1',
  PORT: '0',
  ROLLCALL_KEYS_DIR: '/nowhere',
  ROLLCALL_KEK_FILE: '/nowhere/kek',
  SMTP_URL: 'smtp://127.0.0.1:1025',
  MAIL_FROM: 'rollcall@example.org',
};

describe('a service in production', () => {
  it.each(serviceNames)(
    '%s does not start with a development switch on, and says why',
    async (service) => {
      const main = resolve(root, 'apps', service, 'dist', 'main.js');
      const { exitCode, output } = await runCommand(process.execPath, [main], { ...complete, ...on });
      expect(exitCode).toBe(1);
      for (const name of Object.keys(on)) {
        expect(output).toContain(`${name} is a development switch and refused with NODE_ENV=production`);
      }
    },
    60_000,
  );
});
