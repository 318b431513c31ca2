import { errorText } from '@rollcall/contracts';

import { redactSecrets } from './redactor.js';

export interface HealthState {
  readonly ok: boolean;
  /** One sentence for the person who reads /readyz: what is wrong and since when, or what is fine. */
  readonly detail: string;
}
export type HealthCheck = () => HealthState | Promise<HealthState>;

export interface HealthReport {
  /** Nothing needs attention. */
  readonly ok: boolean;
  /** The service can work. False only where a check fails that is not advisory. */
  readonly ready: boolean;
  readonly checks: Readonly<Record<string, HealthState>>;
}

/** A check that takes longer counts as failed, so that /readyz always answers. */
export const healthCheckTimeoutMs = 5_000;

export interface CheckOptions {
  /** What fails it needs a person, and the service does its work all the same. */
  readonly isAdvisory?: boolean;
}

/** Named checks behind /readyz. A service is ready while every check that is not advisory is well. */
export class HealthRegistry {
  private readonly checks = new Map<string, CheckOptions & { readonly check: HealthCheck }>();

  constructor(private readonly timeoutMs = healthCheckTimeoutMs) {}

  /** Adds a check. Throws when the name is taken: two parts answering under one name would hide each other. */
  add(name: string, check: HealthCheck, options: CheckOptions = {}): void {
    if (this.checks.has(name)) throw new Error(`health check ${name} is added twice`);
    this.checks.set(name, { check, ...options });
  }

  remove(name: string): void {
    this.checks.delete(name);
  }

  /** Runs all checks at once. A check that throws or does not answer in time is a failed check, never an exception. */
  async report(): Promise<HealthReport> {
    const entries = await Promise.all(
      [...this.checks].map(async ([name, { check }]) => [name, await this.stateOf(check)] as const),
    );
    return {
      ok: entries.every(([, { ok }]) => ok),
      ready: entries.every(([name, { ok }]) => ok || this.checks.get(name)?.isAdvisory === true),
      checks: Object.fromEntries(entries),
    };
  }

  private async stateOf(check: HealthCheck): Promise<HealthState> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<HealthState>((resolve) => {
      timer = setTimeout(() => resolve({ ok: false, detail: `no answer within ${this.timeoutMs} ms` }), this.timeoutMs);
    });
    try {
      const state = await Promise.race([Promise.resolve().then(check), late]);
      return { ok: state.ok, detail: redactSecrets(state.detail) };
    } catch (error) {
      return { ok: false, detail: redactSecrets(errorText(error)) };
    } finally {
      clearTimeout(timer);
    }
  }
}
