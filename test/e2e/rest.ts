import { randomUUID } from 'node:crypto';

export interface RestReply<Body> {
  readonly status: number;
  readonly body: Body;
}

export interface RestRequest {
  readonly body?: unknown;
  readonly idempotencyKey?: string;
}

/** The REST API as it answers, refusals included. */
export class Rest {
  constructor(
    private readonly baseUrl: string,
    private readonly apiKey: string,
  ) {}

  async request<Body>(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    { body, idempotencyKey = randomUUID() }: RestRequest = {},
  ): Promise<RestReply<Body>> {
    const response = await fetch(`${this.baseUrl}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.apiKey}`,
        ...(method !== 'GET' && { 'idempotency-key': idempotencyKey }),
        ...((method === 'PATCH' || method === 'PUT') && { 'if-match': '*' }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Body };
  }
}
