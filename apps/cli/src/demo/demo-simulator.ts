/** Shapes of the simulator's control API that the demo uses. */
export interface TruthAccount {
  readonly id: string;
  readonly username: string;
  readonly email: string;
  readonly name: string;
  readonly active: boolean;
}

export interface CompanyTruth {
  readonly date: string;
  readonly vendors: Readonly<Record<string, { readonly accounts: readonly TruthAccount[] }>>;
  readonly people: readonly unknown[];
}

export interface DayGroup {
  readonly name: string;
  readonly email: string;
  readonly accounts: readonly { readonly vendor: string; readonly kind: string; readonly id: string }[];
}

export interface DaySummary {
  readonly date: string;
  readonly leavers: readonly DayGroup[];
  readonly returners: readonly DayGroup[];
  readonly suspended: readonly DayGroup[];
  readonly swapped: readonly DayGroup[];
  readonly joiners: readonly DayGroup[];
  readonly movers: readonly DayGroup[];
}

export interface LedgerEntry {
  readonly seq: number;
  readonly kind: string;
  readonly vendor?: string;
  readonly effect?: string;
  readonly id?: string;
}

/** The hand on the simulated vendors: what is true there, and what happens next. */
export class DemoSimulator {
  constructor(private readonly controlUrl: string) {}

  company(): Promise<CompanyTruth> {
    return this.call('GET', '/company');
  }

  advanceDay(): Promise<DaySummary> {
    return this.call('POST', '/advance-day');
  }

  async effects(since: number): Promise<readonly LedgerEntry[]> {
    const { entries } = await this.call<{ entries: LedgerEntry[] }>('GET', `/ledger?since=${since}`);
    return entries.filter((entry) => entry.kind === 'effect');
  }

  async breakVendor(vendor: string): Promise<void> {
    await this.call('POST', '/faults', {
      vendor,
      match: { operation: 'list', times: 'always' },
      fault: { kind: 'auth-error' },
    });
  }

  async repair(): Promise<void> {
    await this.call('DELETE', '/faults');
  }

  private async call<Result>(method: string, path: string, body?: unknown): Promise<Result> {
    const response = await fetch(`${this.controlUrl}${path}`, {
      method,
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`the simulator refused ${method} ${path}: ${await response.text()}`);
    return (await response.json()) as Result;
  }
}
