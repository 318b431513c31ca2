import { AppError, type EgressFailure } from '@rollcall/contracts';

import { type EgressAnswer, type EgressPort, type EgressRequest, type Pacing, type RateBudgetPort } from '../ports.js';

export type ScriptedAnswer = Partial<Pick<EgressAnswer, 'status' | 'headers' | 'text'>>;
/** What the vendor answers to a request; `index` counts requests from 0. Throwing plays a failure of the way out. */
export type VendorScript = (request: EgressRequest, index: number) => ScriptedAnswer;

/** A failure as the way out throws it. */
export function egressFailure(code: EgressFailure): AppError<EgressFailure> {
  return new AppError(code, `the exchange ended with ${code}`);
}

/** A way out that leads to a script and keeps every request: for tests of connectors, without a socket. */
export class ScriptedEgress implements EgressPort {
  readonly requests: EgressRequest[] = [];

  constructor(
    private readonly script: VendorScript,
    private readonly pacing: Pacing = new ManualPacing(),
  ) {}

  request(request: EgressRequest): Promise<EgressAnswer> {
    const index = this.requests.push(request) - 1;
    const askedAt = this.pacing.now();
    return new Promise((resolve) => {
      const { status = 200, headers = {}, text = '' } = this.script(request, index);
      resolve({ status, headers, text, askedAt });
    });
  }
}

/** A clock that only sleeping moves on. */
export class ManualPacing implements Pacing {
  readonly slept: number[] = [];

  constructor(
    private time = Date.UTC(2026, 0, 5, 12),
    private readonly chance = 0.5,
  ) {}

  now(): number {
    return this.time;
  }

  random(): number {
    return this.chance;
  }

  sleep(ms: number): Promise<void> {
    this.slept.push(ms);
    this.time += ms;
    return Promise.resolve();
  }
}

/** A budget that never makes anybody wait and keeps what was asked of it. */
export class CountingBudget implements RateBudgetPort {
  taken = 0;
  readonly limits: number[] = [];

  take(): Promise<void> {
    this.taken += 1;
    return Promise.resolve();
  }

  notBefore(epochMs: number): Promise<void> {
    this.limits.push(epochMs);
    return Promise.resolve();
  }
}
