import type { AddressInfo } from 'node:net';

import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';

export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: string;
  readonly parsed: Email;
}

/** A mail server on loopback that keeps what it gets, and answers as the test wants. */
export class SmtpSink {
  readonly mails: ReceivedMail[] = [];
  /** Answer to the next recipients instead of 250, first come first served. */
  readonly answers: { readonly code: number; readonly text: string }[] = [];
  private readonly server: SMTPServer;

  constructor() {
    this.server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['AUTH', 'STARTTLS'],
      onRcptTo: (_address, _session, callback) => {
        const answer = this.answers.shift();
        callback(answer ? Object.assign(new Error(answer.text), { responseCode: answer.code }) : undefined);
      },
      onData: (stream, { envelope }, callback) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const raw = Buffer.concat(chunks);
          const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
          PostalMime.parse(raw).then((parsed) => {
            const to = envelope.rcptTo.map(({ address }) => address);
            this.mails.push({ from, to, raw: raw.toString('utf8'), parsed });
            callback();
          }, callback);
        });
      },
    });
  }

  /** @param port 0 for any free one */
  async listen(port = 0): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, '127.0.0.1', resolve);
    });
    return (this.server.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  to(address: string): ReceivedMail[] {
    return this.mails.filter((mail) => mail.to.includes(address));
  }
}
