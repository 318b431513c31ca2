import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Databases } from '@rollcall/collections';
import { type EgressPort, type RateBudgetPort, VendorError } from '@rollcall/connector-kit';
import type { ConnectorManifest } from '@rollcall/contracts';
import {
  EgressClient,
  type EgressMethod,
  MongoRateBudgetStore,
  RateBudget,
  RateBudgetError,
  type TakeOptions,
} from '@rollcall/egress';
import { CONFIG } from '@rollcall/service';

import type { SyncRunnerConfig } from '../config.js';

/** The only way to vendors (architecture 8), and the budget that all callers of a credential share (G5). */
@Injectable()
export class WayOutService implements OnApplicationShutdown {
  private readonly client: EgressClient;
  private readonly budgets: RateBudget;

  constructor(
    @Inject(Databases) databases: Databases,
    @Inject(CONFIG) private readonly config: SyncRunnerConfig,
  ) {
    // No host of its own: each lease brings the one that its secret is bound to (P21).
    this.client = EgressClient.create({
      allowedHosts: [],
      allowHttp: config.ALLOW_LOOPBACK,
      allowLoopback: config.ALLOW_LOOPBACK,
      clock: () => databases.timeMs(),
    });
    this.budgets = new RateBudget(new MongoRateBudgetStore(databases.client, databases.namespace));
  }

  egress(host: string): EgressPort {
    const client = this.client.withHosts([host]);
    // Connectors can only name methods that exist; their port says string.
    return { request: (request) => client.request({ ...request, method: request.method as EgressMethod }) };
  }

  /** @throws VendorError vendor-rate-limited when the vendor's limit leaves no room as soon as the caller must have it */
  budget(credential: string, limits: ConnectorManifest['rateBudget'], waiting: BudgetWaiting): RateBudgetPort {
    const factor = this.config.RATE_BUDGET_FACTOR;
    const limit = { capacity: Math.max(1, limits.capacity * factor), perSecond: limits.perSecond * factor };
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

export type BudgetWaiting = Pick<TakeOptions, 'signal' | 'maxWaitMs' | 'maxPauseMs' | 'onPause'>;

function inVendorTerms(error: RateBudgetError): VendorError {
  if (error.code === 'aborted') return new VendorError('vendor-call-aborted', error.message);
  const { retriable, details } = error;
  return new VendorError('vendor-rate-limited', error.message, { retriable, details: { retryAt: details['until'] } });
}
