import type { Databases } from '@rollcall/collections';
import { type EgressPort, type RateBudgetPort, VendorError } from '@rollcall/connector-kit';
import {
  EgressClient,
  type EgressMethod,
  MongoRateBudgetStore,
  RateBudget,
  RateBudgetError,
  type RateLimit,
  type TakeOptions,
} from '@rollcall/egress';

import type { VendorAccessSettings } from './vendor-access-settings.js';

export type BudgetWaiting = Pick<TakeOptions, 'signal' | 'maxWaitMs' | 'maxPauseMs' | 'onPause'>;

/** The only way to vendors, and the budget that all callers of a credential share. */
export class VendorEgress {
  private readonly client: EgressClient;
  private readonly budgets: Pick<RateBudget, 'take' | 'notBefore'>;

  constructor(
    databases: Pick<Databases, 'client' | 'namespace' | 'timeMs'>,
    private readonly settings: VendorAccessSettings,
    budgets?: Pick<RateBudget, 'take' | 'notBefore'>,
  ) {
    const { ALLOW_LOOPBACK } = settings;
    // No host of its own: each lease brings the one that its secret is bound to.
    this.client = EgressClient.create({
      allowedHosts: [],
      allowHttp: ALLOW_LOOPBACK,
      allowLoopback: ALLOW_LOOPBACK,
      clock: () => databases.timeMs(),
    });
    this.budgets = budgets ?? new RateBudget(new MongoRateBudgetStore(databases.client, databases.namespace));
  }

  /** To the host of that address, and to no other. */
  to(baseUrl: string): EgressPort {
    const client = this.client.withHosts([new URL(baseUrl).hostname]);
    // Connectors can only name methods that exist; their port says string.
    return { request: (request) => client.request({ ...request, method: request.method as EgressMethod }) };
  }

  /** Whether that address can be reached and shows a good certificate; nothing is sent. @throws EgressError */
  probe(baseUrl: string): Promise<void> {
    return this.client.withHosts([new URL(baseUrl).hostname]).probe(baseUrl);
  }

  /** @throws VendorError vendor-rate-limited when the vendor's limit leaves no room as soon as the caller must have it */
  budget(credential: string, limits: RateLimit, waiting: BudgetWaiting): RateBudgetPort {
    const limit = reduced(limits, this.settings.RATE_BUDGET_FACTOR);
    return {
      take: async () => {
        try {
          await this.budgets.take(credential, limit, waiting);
        } catch (error) {
          throw error instanceof RateBudgetError ? inVendorTerms(error) : error;
        }
      },
      notBefore: (epochMs) => this.budgets.notBefore(credential, epochMs),
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.client.close();
  }
}

function reduced({ capacity, perSecond }: RateLimit, factor: number): RateLimit {
  return { capacity: Math.max(1, capacity * factor), perSecond: perSecond * factor };
}

function inVendorTerms(error: RateBudgetError): VendorError {
  if (error.code === 'aborted') return new VendorError('vendor-call-aborted', error.message);
  const { retriable, details } = error;
  return new VendorError('vendor-rate-limited', error.message, { retriable, details: { retryAt: details['until'] } });
}
