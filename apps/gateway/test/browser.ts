import type { SessionView } from '@rollcall/contracts';
import type { Response, Test } from 'supertest';

import type { GatewayUnderTest, Method } from './gateway-under-test.js';

/** Keeps cookies as a browser does, by name and path, and sends the CSRF token that the last session answer told. */
export class Browser {
  private readonly cookies = new Map<string, { value: string; path: string }>();
  csrfToken: string | null = null;

  constructor(
    private readonly gateway: GatewayUnderTest,
    /** Where the gateway believes it to be, if it trusts a proxy. */
    private readonly address = '10.1.0.1',
  ) {}

  /** A request with what the browser would send. Paths are below /api/v1. */
  send(method: Method, path: string): Test {
    const test = this.gateway
      .plain(method, path)
      .set('cookie', this.headerFor(`/api/v1${path}`))
      .set('x-forwarded-for', this.address);
    return this.csrfToken === null ? test : test.set('x-csrf-token', this.csrfToken);
  }

  /** Keeps what an answer sets. */
  take(answer: Response): Response {
    for (const line of (answer.headers['set-cookie'] ?? []) as unknown as string[]) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
      const path = /;\s*Path=([^;]*)/i.exec(line)?.[1] ?? '/';
      if (value === '') this.cookies.delete(name!);
      else this.cookies.set(name!, { value: value!, path });
    }
    const { csrfToken } = answer.body as Partial<SessionView>;
    if (csrfToken !== undefined) this.csrfToken = csrfToken;
    return answer;
  }

  async signIn(email: string, password: string): Promise<Response> {
    return this.take(await this.send('post', '/session').send({ email, password }));
  }

  async redeem(token: string, password: string, who: object = {}): Promise<Response> {
    return this.take(await this.send('post', '/session/link').send({ token, password, ...who }));
  }

  async refresh(): Promise<Response> {
    return this.take(await this.send('post', '/session/refresh'));
  }

  cookie(name: string): string | undefined {
    return this.cookies.get(name)?.value;
  }

  set(name: string, value: string, path = '/'): void {
    this.cookies.set(name, { value, path });
  }

  private headerFor(path: string): string {
    return [...this.cookies]
      .filter(([, cookie]) => path.startsWith(cookie.path))
      .map(([name, { value }]) => `${name}=${value}`)
      .join('; ');
  }
}
