import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { runEndStates, type RunRecord } from '@rollcall/contracts';

import { Rest } from '../e2e/rest.js';

const patienceMs = 15 * 60_000;

/** A client that goes on asking under the same idempotency key while services come and go, as the guide advises (F1). */
export class SteadyClient {
  private readonly rest: Rest;

  constructor(baseUrl: string, apiKey: string) {
    this.rest = new Rest(baseUrl, apiKey);
  }

  /** Starts a run; null when another one is open. */
  async start(integration: string): Promise<RunRecord | null> {
    const idempotencyKey = randomUUID();
    return this.patiently(`a run of ${integration} to start`, async () => {
      const path = `/integrations/${integration}/runs`;
      const { status, body } = await this.rest.request<RunRecord | Operation>('POST', path, { idempotencyKey });
      if (status === 201) return { value: body as RunRecord };
      if (status === 409) return { value: null };
      return status >= 500 || status === 202 ? null : unexpected(path, status, body);
    });
  }

  async ended(run: string): Promise<RunRecord> {
    return this.patiently(`the end of run ${run}`, async () => {
      const { status, body } = await this.rest.request<RunRecord>('GET', `/runs/${run}`);
      if (status === 404) unexpected(`/runs/${run}`, status, body);
      return status === 200 && runEndStates.includes(body.state) ? { value: body } : null;
    });
  }

  private async patiently<Value>(what: string, ask: () => Promise<{ value: Value } | null>): Promise<Value> {
    const until = Date.now() + patienceMs;
    let last: unknown;
    while (Date.now() < until) {
      try {
        const answer = await ask();
        if (answer !== null) return answer.value;
      } catch (error) {
        // Only what fetch throws when nobody listens, or somebody died while answering.
        if (error instanceof Refused) throw error;
        last = error;
      }
      await sleep(250);
    }
    throw new Error(`waited ${patienceMs / 60_000} minutes for ${what}`, { cause: last });
  }
}

interface Operation {
  readonly state: string;
}

class Refused extends Error {}

function unexpected(path: string, status: number, body: unknown): never {
  throw new Refused(`${path} answered ${status}: ${JSON.stringify(body)}`);
}
