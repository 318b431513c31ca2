import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Databases } from '@rollcall/collections';
import type { VendorHttpOptions } from '@rollcall/connector-kit';
import type { ConnectorManifest } from '@rollcall/contracts';
import { EgressClient, MongoRateBudgetStore, RateBudget, type TakeOptions } from '@rollcall/egress';
import { CONFIG } from '@rollcall/service';

import type { WorkflowConfig } from '../config.js';

/** The way out to vendors: egress policy, and the rate budget that a credential shares with everybody (G5). */
@Injectable()
export class WayOut implements OnApplicationShutdown {
  private readonly egress: EgressClient;
  private readonly budget: RateBudget;

  constructor(@Inject(Databases) databases: Databases, @Inject(CONFIG) { ALLOW_LOOPBACK }: WorkflowConfig) {
    this.egress = EgressClient.create({ allowedHosts: [], allowHttp: ALLOW_LOOPBACK, allowLoopback: ALLOW_LOOPBACK });
    this.budget = new RateBudget(new MongoRateBudgetStore(databases.client, databases.namespace));
  }

  /** To the host that the secret is bound to, and to no other (P21). */
  to(
    credential: string,
    baseUrl: string,
    rate: ConnectorManifest['rateBudget'],
    options: TakeOptions,
  ): Pick<VendorHttpOptions, 'egress' | 'budget'> {
    return {
      egress: this.egress.withHosts([new URL(baseUrl).hostname]),
      budget: {
        take: () => this.budget.take(credential, rate, options),
        notBefore: (until) => this.budget.notBefore(credential, until),
      },
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.egress.close();
  }
}
