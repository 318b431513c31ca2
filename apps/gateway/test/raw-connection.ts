import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly problem: { readonly code: string; readonly detail: string };
}

/** A client that sends bytes as they are, and in its own time. */
export class RawConnection {
  private received = '';

  private constructor(private readonly socket: Socket) {
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => {
      this.received += text;
    });
    // A server may end the connection while a refused body is still on its way.
    socket.on('error', () => undefined);
  }

  static async to(port: number): Promise<RawConnection> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return new RawConnection(socket);
  }

  write(bytes: string | Buffer): void {
    this.socket.write(bytes);
  }

  /** Everything that came, once it holds this. */
  async text(awaited: string): Promise<string> {
    const signal = AbortSignal.timeout(20_000);
    while (!this.received.includes(awaited)) await once(this.socket, 'data', { signal });
    return this.received;
  }

  /** The next final answer, with its whole body. */
  async answer(): Promise<RawAnswer> {
    const signal = AbortSignal.timeout(20_000);
    for (;;) {
      const answer = parsed(this.received.replace(/^HTTP\/1\.1 100 Continue\r\n\r\n/, ''));
      if (answer) return answer;
      await once(this.socket, 'data', { signal });
    }
  }

  end(): void {
    this.socket.destroy();
  }
}

function parsed(text: string): RawAnswer | null {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return null;
  const [first = '', ...lines] = text.slice(0, end).split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  const body = text.slice(end + 4);
  if (Buffer.byteLength(body) < Number(headers['content-length'] ?? 0)) return null;
  return { status: Number(first.split(' ')[1]), headers, problem: JSON.parse(body || '{}') as RawAnswer['problem'] };
}
