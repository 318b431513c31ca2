import { Inject, Injectable } from '@nestjs/common';
import { type Connector, type ConnectorContext, createVendorHttp } from '@rollcall/connector-kit';
import { connectors } from '@rollcall/connectors';
import type { LeasePurpose } from '@rollcall/contracts';

import { WayOutService } from '../way-out/way-out.service.js';
import { type VaultLease, VaultLeasesService } from './vault-leases.service.js';

export interface VendorRequestOptions {
  readonly connector: string;
  readonly credential: string;
  readonly purpose: LeasePurpose;
  readonly inputs: Readonly<Record<string, string>>;
  readonly load: string;
  readonly signal?: AbortSignal;
  readonly checkHeld: () => void;
  /** How long to wait for an absent vault; as configured unless said. */
  readonly vaultWaitMs?: number;
}

/** A vendor that can be called: its connector, and a context that is authorized, limited and bound to one lease. */
export interface OpenVendor {
  readonly connector: Connector;
  readonly context: ConnectorContext;
  readonly lease: VaultLease;
}

@Injectable()
export class VendorAccess {
  constructor(
    @Inject(VaultLeasesService) private readonly leases: VaultLeasesService,
    @Inject(WayOutService) private readonly wayOut: WayOutService,
  ) {}

  /** @throws LeaseError when the vault gives no lease; Error for a connector that is not installed */
  async open(options: VendorRequestOptions): Promise<OpenVendor> {
    const connector = connectors[options.connector];
    if (connector === undefined) throw new Error(`the connector ${options.connector} is not installed`);
    const { credential, purpose, checkHeld, inputs, load, signal } = options;
    const lease = await this.leases.open({ credential, purpose, checkHeld }, options.vaultWaitMs);
    const http = createVendorHttp({
      egress: this.wayOut.egress(new URL(lease.baseUrl).hostname),
      budget: this.wayOut.budget(credential, connector.manifest.rateBudget, signal),
      manifest: connector.manifest,
      lease: () => lease.material(),
      onUnauthorized: (refused) => lease.newerThan(refused),
      ...(signal === undefined ? {} : { signal }),
    });
    return { connector, lease, context: { http, inputs, load, ...(signal === undefined ? {} : { signal }) } };
  }
}
