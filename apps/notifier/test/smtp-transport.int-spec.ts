import type { AddressInfo } from 'node:net';

import { afterEach, describe, expect, it } from '@jest/globals';
import { selfSigned } from '@rollcall/testing';
import { createTransport } from 'nodemailer';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

import { readConfig } from '../src/config.js';
import { transportOptions } from '../src/mail/mail-server.js';
import { type Mail, SmtpTransport } from '../src/mail/smtp-transport.js';

const password = 'example-mail-password';
const day = 86_400_000;
const certificate = selfSigned('localhost', { from: new Date(Date.now() - day), until: new Date(Date.now() + day) });

const mail: Mail = {
  id: 'notice-1',
  to: { name: 'Ada Example', email: 'ada@example.org' },
  subject: 'A run failed',
  text: 'It failed.',
  date: new Date('2026-11-20T02:00:00Z'),
};

/** A mail server that notes every login, and whether it came encrypted. */
class LoginServer {
  readonly logins: { readonly password: string; readonly isEncrypted: boolean }[] = [];
  mails = 0;
  private readonly server: SMTPServer;

  constructor(options: SMTPServerOptions) {
    this.server = new SMTPServer({
      ...certificate,
      authOptional: true,
      allowInsecureAuth: true,
      logger: false,
      onAuth: (auth, session, callback) => {
        this.logins.push({ password: auth.password ?? '', isEncrypted: session.secure });
        callback(null, { user: 'test' });
      },
      onData: (stream, _session, callback) => {
        stream.on('end', () => {
          this.mails += 1;
          callback();
        });
        stream.resume();
      },
      ...options,
    });
    // Connections that a client gives up are what is tested.
    this.server.on('error', () => undefined);
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', () => resolve()));
    return (this.server.server.address() as AddressInfo).port;
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}

describe('a mail server with a login', () => {
  const servers: LoginServer[] = [];

  afterEach(async () => {
    for (const server of servers.splice(0)) await server.close();
  });

  async function started(options: SMTPServerOptions) {
    const server = new LoginServer(options);
    servers.push(server);
    return { server, port: await server.listen() };
  }

  const configOf = (url: string) =>
    readConfig({
      KAFKA_BROKERS: '127.0.0.1:1',
      MONGODB_URI: 'mongodb://127.0.0.1:1',
      PORT: '0',
      ROLLCALL_KEYS_DIR: '/nowhere',
      SMTP_URL: url,
      MAIL_FROM: 'rollcall@example.org',
    });

  async function send(url: string) {
    const transport = new SmtpTransport(configOf(url));
    try {
      return await transport.send(mail);
    } finally {
      transport.close();
    }
  }

  it('never gets the password in clear where it does not encrypt, and the mail waits with words that help', async () => {
    const { server, port } = await started({ disabledCommands: ['STARTTLS'] });
    const outcome = await send(`smtp://user:${password}@localhost:${port}`);
    expect(outcome).toMatchObject({ kind: 'retry', reason: expect.stringContaining('never sent in clear') });
    expect(JSON.stringify(outcome)).toContain('smtps://');
    expect(server.logins).toEqual([]);
    expect(server.mails).toBe(0);
  });

  it.each([{ secure: false }, { secure: true }])(
    'never gets the password with a certificate that nobody vouches for (%j)',
    async ({ secure }) => {
      const { server, port } = await started({ secure });
      const outcome = await send(`${secure ? 'smtps' : 'smtp'}://user:${password}@localhost:${port}`);
      expect(outcome).toMatchObject({ kind: 'retry', reason: expect.stringContaining('certificate') });
      expect(JSON.stringify(outcome)).toContain('NODE_EXTRA_CA_CERTS');
      expect(server.logins).toEqual([]);
    },
  );

  it.each([{ secure: false }, { secure: true }])(
    'gets it encrypted where its certificate is right (%j)',
    async ({ secure }) => {
      const { server, port } = await started({ secure });
      const { SMTP_URL } = configOf(`${secure ? 'smtps' : 'smtp'}://user:${password}@localhost:${port}`);
      const options = transportOptions(SMTP_URL);
      const transport = createTransport({ ...options, tls: { ...options.tls, ca: certificate.cert } });
      await transport.sendMail({ from: 'a@example.org', to: 'b@example.org', text: 'x' });
      transport.close();
      expect(server.logins).toEqual([{ password, isEncrypted: true }]);
      expect(server.mails).toBe(1);
    },
  );

  it('takes mail without a login and without encryption, as a mail catcher for development does', async () => {
    const { server, port } = await started({ disabledCommands: ['STARTTLS', 'AUTH'] });
    expect(await send(`smtp://127.0.0.1:${port}`)).toMatchObject({ kind: 'sent' });
    expect(server.mails).toBe(1);
  });
});
