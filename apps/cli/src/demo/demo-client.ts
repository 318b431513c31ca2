import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

/** A request that the gateway refused, with its reason. */
export class DemoRequestError extends Error {}

interface Problem {
  title?: string;
  detail?: string;
  errors?: { pointer: string; message: string }[];
}

/** REST calls of the demo: the same API that everybody has, with the key of this installation. */
export class DemoClient {
  constructor(
    private readonly baseUrl: string,
    private readonly apiKey: string,
  ) {}

  get<Result>(path: string): Promise<Result> {
    return this.call('GET', path);
  }

  post<Result>(path: string, body?: unknown): Promise<Result> {
    return this.call('POST', path, body);
  }

  private async call<Result>(method: string, path: string, body?: unknown): Promise<Result> {
    const response = await fetch(`${this.baseUrl}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.apiKey}`,
        ...(method === 'POST' && { 'idempotency-key': randomUUID() }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    if (response.status === 202) return this.awaitOperation<Result>(response.headers.get('location')!);
    if (!response.ok)
      throw new DemoRequestError(`${method} ${path} was refused: ${problemText(text, response.status)}`);
    return JSON.parse(text) as Result;
  }

  /** Follows an operation that was not done at once (F3). */
  private async awaitOperation<Result>(location: string): Promise<Result> {
    for (let look = 0; look < 300; look += 1) {
      const response = await fetch(`${this.baseUrl}${location}`, {
        headers: { authorization: `Bearer ${this.apiKey}` },
      });
      const operation = (await response.json()) as { state: string; result: Result; error: { message: string } | null };
      if (operation.state === 'done') return operation.result;
      if (operation.state !== 'pending') throw new DemoRequestError(operation.error?.message ?? 'it never happened');
      await sleep(500);
    }
    throw new DemoRequestError(`${location} is still pending`);
  }
}

function problemText(text: string, status: number): string {
  try {
    const { title, detail, errors } = JSON.parse(text) as Problem;
    const faults = (errors ?? []).map((fault) => `${fault.pointer} ${fault.message}`).join('; ');
    return [detail ?? title ?? `status ${status}`, faults].filter(Boolean).join(' ');
  } catch {
    return `status ${status}`;
  }
}
