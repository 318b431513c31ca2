import { SMTPServer } from 'smtp-server';

export interface ReceivedMail {
  readonly to: string[];
  readonly subject: string;
  readonly text: string;
  /** Message-ID: equal for copies of one mail. */
  readonly id: string;
}

/** A real SMTP server that keeps what it receives, so that the demo's mails go somewhere harmless. Port 0 = any free one. */
export class MailSink {
  readonly received: ReceivedMail[] = [];

  private constructor(
    private readonly server: SMTPServer,
    readonly port: number,
  ) {}

  static async start(port: number): Promise<MailSink> {
    const holder: { sink?: MailSink } = {};
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS', 'AUTH'],
      onData: (stream, session, callback) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const to = session.envelope.rcptTo.map((recipient) => recipient.address);
          holder.sink?.received.push({ to, ...partsOf(Buffer.concat(chunks).toString('utf8')) });
          callback();
        });
      },
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
    const address = server.server.address();
    const sink = new MailSink(server, typeof address === 'object' && address ? address.port : port);
    holder.sink = sink;
    return sink;
  }

  stop(): Promise<void> {
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}

function partsOf(mail: string): Omit<ReceivedMail, 'to'> {
  const [head = '', ...body] = mail.split('\r\n\r\n');
  const subject = /^subject: (.*(?:\r\n[ \t].*)*)/im.exec(head)?.[1] ?? '';
  const id = /^message-id: *(\S+)/im.exec(head)?.[1] ?? '';
  return { id, subject: subject.replace(/\r\n[ \t]/g, ' '), text: body.join('\n\n') };
}
