import { Injectable } from '@nestjs/common';
import { type Connector, type ConnectorContext, maxRetryAfterMs, type VendorMeter } from '@rollcall/connector-kit';
import { connectors } from '@rollcall/connectors';
import type { LeasePurpose } from '@rollcall/contracts';
import { type VaultLease, VaultLeases, VendorAccess, type VendorHttpManner } from '@rollcall/vendor-access';

export interface VendorRequestOptions {
  readonly connector: string;
  readonly credential: string;
  readonly purpose: LeasePurpose;
  readonly inputs: Readonly<Record<string, string>>;
  readonly load: string;
  /** Top-level properties of the records that the mapping reads. */
  readonly properties?: readonly string[];
  readonly signal?: AbortSignal;
  readonly checkHeld: () => void;
  readonly meter?: VendorMeter;
}

/** What somebody asks for who looks at the screen meanwhile. */
export interface QuickRequestOptions extends Omit<VendorRequestOptions, 'signal' | 'checkHeld' | 'meter'> {
  /** Name of the rate budget; that of the credential unless given. */
  readonly budget?: string;
}

/** A run that has to pause for longer is parked, and says until when. */
const longestPauseMs = maxRetryAfterMs / 2;

/** How long a person waits, in milliseconds: for an absent vault, for the budget, for one answer, and for it all. */
const quick = { vault: 10_000, budget: 5_000, answer: 15_000, all: 25_000 };

/** A vendor that can be called: its connector, and a context that is authorized, limited and bound to one lease. */
export interface OpenVendor {
  readonly connector: Connector;
  readonly context: ConnectorContext;
  readonly lease: VaultLease;
}

@Injectable()
export class VendorsService {
  constructor(
    private readonly leases: VaultLeases,
    private readonly access: VendorAccess,
  ) {}

  /** Whether an address can be reached and shows a good certificate; nothing is sent. @throws EgressError */
  probe(baseUrl: string): Promise<void> {
    return this.access.probe(baseUrl);
  }

  /** For a run. @throws LeaseError when the vault gives no lease; Error for a connector that is not installed */
  async open(options: VendorRequestOptions): Promise<OpenVendor> {
    const { credential, purpose, checkHeld, signal, meter } = options;
    const lease = await this.leases.open({ credential, purpose, checkHeld });
    const onPause = (ms: number) => meter?.pausing?.(ms);
    return this.opened(options, lease, { signal, meter, maxPauseMs: longestPauseMs, onPause });
  }

  /** The same for a person who waits: whatever is in the way is told soon, instead of being waited for. */
  async openQuickly(options: QuickRequestOptions): Promise<OpenVendor> {
    const { credential, purpose } = options;
    const signal = AbortSignal.timeout(quick.all);
    const lease = await this.leases.open({ credential, purpose }, quick.vault);
    const { budget } = options;
    const manner = { signal, budget, maxWaitMs: quick.budget, isHurried: true, timeoutMs: quick.answer };
    return this.opened(options, lease, manner);
  }

  private opened(options: QuickRequestOptions, lease: VaultLease, manner: VendorHttpManner): OpenVendor {
    const connector = connectorOf(options);
    const { inputs, load, properties } = options;
    const { signal } = manner;
    const http = this.access.http(lease, connector.manifest, manner);
    const context = { http, inputs, load, signal, ...(properties === undefined ? {} : { properties }) };
    return { connector, lease, context };
  }
}

function connectorOf({ connector: id }: Pick<VendorRequestOptions, 'connector'>): Connector {
  const connector = connectors[id];
  if (connector === undefined) throw new Error(`the connector ${id} is not installed`);
  return connector;
}
