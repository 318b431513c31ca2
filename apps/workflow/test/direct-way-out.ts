import { Global, Module } from '@nestjs/common';
import { connectors } from '@rollcall/connectors';
import { AppError } from '@rollcall/contracts';
import type { EgressAnswer, EgressRequest } from '@rollcall/connector-kit';

import { features } from '../src/app.module.js';
import { CONNECTORS, VENDOR_GATE, type VendorGate } from '../src/vendors/connectors.js';

const gate: VendorGate = () => ({
  budget: { take: () => Promise.resolve(), notBefore: () => Promise.resolve() },
  egress: {
    async request({ url, method, headers, body }: EgressRequest): Promise<EgressAnswer> {
      const askedAt = Date.now();
      try {
        const response = await fetch(url, { method, headers, body });
        return {
          status: response.status,
          headers: Object.fromEntries(response.headers),
          text: await response.text(),
          askedAt,
        };
      } catch {
        throw new AppError('unreachable', 'unreachable');
      }
    },
  },
});

@Global()
@Module({
  providers: [
    { provide: CONNECTORS, useValue: connectors },
    { provide: VENDOR_GATE, useValue: gate },
  ],
  exports: [CONNECTORS, VENDOR_GATE],
})
class DirectWayOut {}

@Module({ imports: [DirectWayOut, ...features] })
export class DirectModule {}
