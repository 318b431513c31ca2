import { randomUUID } from 'node:crypto';

interface Told {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The REST API with a record of every answer but those that show a secret once. */
export class ToldSecrets {
  readonly answers: string[] = [];

  constructor(
    private readonly baseUrl: string,
    private readonly apiKey: string,
  ) {}

  async ask(method: string, path: string, body?: object, key = this.apiKey): Promise<Told> {
    const { status, text, headers } = await this.send(method, path, body, key);
    this.answers.push(`${headers}\n${text}`);
    return { status, body: text.startsWith('{') ? (JSON.parse(text) as Told['body']) : {} };
  }

  /** An answer that is to hold a secret. */
  async askForSecret(method: string, path: string, body?: object): Promise<Told['body']> {
    const { status, text } = await this.send(method, path, body, this.apiKey);
    if (status >= 300) throw new Error(`${method} ${path}: ${status}`);
    return JSON.parse(text) as Told['body'];
  }

  /** Signs a browser in. @returns the secret parts of its cookies, which are its tokens */
  async signIn(path: string, body: object): Promise<[name: string, value: string][]> {
    const { status, text, cookies } = await this.send('POST', path, body, null);
    if (status !== 200) throw new Error(`POST ${path}: ${status} ${text}`);
    this.answers.push(text);
    return cookies.map((cookie) => {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie)!;
      return [`cookie ${name}`, value!.slice(value!.lastIndexOf('.') + 1)];
    });
  }

  private async send(method: string, path: string, body: object | undefined, key: string | null) {
    const response = await fetch(`${this.baseUrl}/api/v1${path}`, {
      method,
      headers: {
        ...(key !== null && { authorization: `Bearer ${key.replaceAll(/[^!-~]/g, '')}` }),
        'idempotency-key': randomUUID(),
        'if-match': '*',
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      text,
      cookies: response.headers.getSetCookie(),
      headers: JSON.stringify([...response.headers]),
    };
  }
}
