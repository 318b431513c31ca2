import { Inject, Injectable } from '@nestjs/common';
import type { CredentialDocument } from '@rollcall/collections';
import type { Connector, ConnectorContext, VendorHttp } from '@rollcall/connector-kit';
import { AppError, authSchemeFor, type LeaseMaterial, type LeasePurpose, ownUsersOf } from '@rollcall/contracts';
import { KeptLeases, VendorAccess } from '@rollcall/vendor-access';

import { PublishedRecords } from '../records/published-records.repository.js';
import { AcceptedSecrets } from './accepted-secrets.service.js';
import { CONNECTORS } from './connectors.js';
import type { VendorPlace } from './vendor-places.service.js';

/** One vendor under one credential, ready to be asked. */
export interface VendorSession {
  readonly connector: Connector;
  readonly context: ConnectorContext;
  /** For calls that act: rather not made than made long after the user was looked at (P16). */
  readonly act: VendorHttp;
  readonly secretVersion: number;
  /** The own users of the credential, and of the one that reads the account: nobody may act on them (P19, G7). */
  readonly ownUsers: readonly string[];
}

export interface SessionRequest {
  readonly connector: Connector;
  readonly credential: string;
  readonly purpose: LeasePurpose;
  readonly signal: AbortSignal;
  /** Where at the vendor, as runs would be told: an organization, for example. */
  readonly place: VendorPlace;
}

/** Longest that a call that acts waits for the rate budget. */
const actWithinMs = 2_000;

@Injectable()
export class VendorSessions {
  constructor(
    @Inject(CONNECTORS) private readonly connectors: Readonly<Record<string, Connector>>,
    private readonly access: VendorAccess,
    private readonly leases: KeptLeases,
    private readonly records: PublishedRecords,
    private readonly accepted: AcceptedSecrets,
  ) {}

  findConnector(id: string): Connector | null {
    return Object.hasOwn(this.connectors, id) ? this.connectors[id]! : null;
  }

  /** Leases the secret. @throws LeaseError, and AppError `credential-of-other-connector` */
  async open({ connector, credential, purpose, signal, place }: SessionRequest): Promise<VendorSession> {
    const { manifest } = connector;
    const known = await this.records.findCredential(credential);
    const lease = await this.leases.lease({ credential, purpose, baseUrl: known?.baseUrl ?? null });
    const first = await lease.material(manifest);
    if (first.connector !== manifest.id) {
      const message = `The credential of the block belongs to another vendor than ${manifest.name}. Choose another one.`;
      throw new AppError('credential-of-other-connector', message);
    }
    const onAccepted = this.accepted.watch(known, purpose.reference);
    const http = (maxWaitMs?: number) => this.access.http(lease, manifest, { signal, maxWaitMs, onAccepted });
    return {
      connector,
      act: http(actWithinMs),
      secretVersion: first.secretVersion,
      ownUsers: [...ownUsers(connector, known, first), ...(await this.readersOf(place))],
      context: { http: http(), inputs: place.inputs, load: manifest.loads[0]!.id, signal },
    };
  }

  /**
   * Whoever reads the accounts must not be lost either, though another credential acts: whom the owner of that one names now,
   * and whom the last run knew, which had its fields.
   */
  private async readersOf({ reader }: VendorPlace): Promise<readonly string[]> {
    if (reader === null) return [];
    const { _id, credential } = reader;
    const known = credential === null ? null : await this.records.findCredential(credential);
    return [...(known?.ownUsers ?? []), ...(await this.records.ownUsersOfReading(_id))];
  }

  /** The intent is over: its lease is not kept. */
  close(credential: string, purpose: LeasePurpose): void {
    this.leases.forget(credential, purpose);
  }
}

/** The credential's own users at the vendor, as its owner names them and as its fields do. */
function ownUsers(
  { manifest }: Connector,
  known: Pick<CredentialDocument, 'ownUsers'> | null,
  material: Pick<LeaseMaterial, 'type' | 'advanced' | 'fields'>,
): string[] {
  return ownUsersOf(authSchemeFor(manifest, material), known ?? {}, material.fields);
}
