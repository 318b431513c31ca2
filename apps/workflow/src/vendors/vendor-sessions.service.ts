import { Inject, Injectable } from '@nestjs/common';
import { type Connector, type ConnectorContext, createVendorHttp, type VendorHttp } from '@rollcall/connector-kit';
import { AppError, type ConnectorManifest, type LeaseMaterial, type LeasePurpose } from '@rollcall/contracts';

import { LeasesService, materialOf } from '../leases/leases.service.js';
import { CONNECTORS } from './connectors.js';
import { WayOut } from './way-out.service.js';

/** One vendor under one credential, ready to be asked. */
export interface VendorSession {
  readonly connector: Connector;
  readonly context: ConnectorContext;
  /** For calls that act: rather not made than made long after the user was looked at (P16). */
  readonly act: VendorHttp;
  readonly secretVersion: number;
  /** Names of the credential's own vendor user, in lower case; nobody may act on him (P19, G7). */
  readonly ownUsers: ReadonlySet<string>;
}

export interface SessionRequest {
  readonly connector: Connector;
  readonly credential: string;
  readonly purpose: LeasePurpose;
  readonly signal: AbortSignal;
}

/** Longest that a call that acts waits for the rate budget. */
const actWithinMs = 2_000;

@Injectable()
export class VendorSessions {
  constructor(
    @Inject(CONNECTORS) private readonly connectors: Readonly<Record<string, Connector>>,
    @Inject(WayOut) private readonly wayOut: WayOut,
    @Inject(LeasesService) private readonly leases: LeasesService,
  ) {}

  findConnector(id: string): Connector | null {
    return Object.hasOwn(this.connectors, id) ? this.connectors[id]! : null;
  }

  /** Leases the secret. @throws LeaseError, and AppError `credential-of-other-connector` */
  async open({ connector, credential, purpose, signal }: SessionRequest): Promise<VendorSession> {
    const { manifest } = connector;
    const first = materialOf(await this.leases.lease(credential, purpose));
    if (first.connector !== manifest.id) {
      const message = `The credential of the block belongs to another vendor than ${manifest.name}. Choose another one.`;
      throw new AppError('credential-of-other-connector', message);
    }
    const http = (maxWaitMs?: number) =>
      createVendorHttp({
        ...this.wayOut.to(credential, first.baseUrl, manifest.rateBudget, { signal, maxWaitMs }),
        manifest,
        signal,
        lease: async () => materialOf(await this.leases.lease(credential, purpose)),
        onUnauthorized: async (refused) => materialOf(await this.leases.renew(credential, purpose, refused)),
      });
    return {
      connector,
      act: http(actWithinMs),
      secretVersion: first.secretVersion,
      ownUsers: ownUsersOf(manifest, first),
      context: { http: http(), inputs: {}, load: manifest.loads[0]!.id, signal },
    };
  }

  /** The intent is over: its lease is not kept. */
  close(credential: string, purpose: LeasePurpose): void {
    this.leases.forget(credential, purpose);
  }
}

/** Whatever of the credential is no secret may be the name of its user. */
function ownUsersOf(manifest: ConnectorManifest, lease: LeaseMaterial): ReadonlySet<string> {
  const scheme = manifest.authSchemes.find(({ type }) => type === lease.type);
  const open = (scheme?.inputs ?? []).filter(({ secret }) => !secret);
  return new Set(open.flatMap(({ name }) => lease.fields[name]?.trim().toLowerCase() || []));
}
