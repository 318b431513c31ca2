import {
  type ConnectorContext,
  CountingBudget,
  createVendorHttp,
  ManualPacing,
  readAllUsers,
  type ReadSummary,
  type UserReference,
  VendorError,
} from '@rollcall/connector-kit';
import type { LeaseMaterial, RawUser } from '@rollcall/contracts';
import { type FaultPlan, type InProcessVendor, inProcessVendor, type RawAccount } from '@rollcall/vendor-simulator';

import { type Alteration, SimulatedEgress, type WayFailure } from './simulated-egress.js';
import type { MatrixVendor } from './vendors.js';

export interface BenchOptions {
  /** Pages of the listing; the last one is half full. Three unless said: a first, a middle and a last one. */
  readonly pages?: number;
  readonly way?: WayFailure;
  readonly alter?: Alteration;
  /** Gives the material after a 401; absent: there is no newer one. */
  readonly renew?: (refused: LeaseMaterial, bench: Bench) => LeaseMaterial;
  /** Default 3599; a vendor of another life is its own. */
  readonly tokenLifeSeconds?: number;
  /** The company changes: not the one that all others read. */
  readonly ownCompany?: boolean;
}

export interface Reading {
  readonly users: readonly RawUser[];
  readonly summary: ReadSummary | null;
  readonly error: unknown;
}

export const origin = 'https://vendor.test';
const listed = { operation: 'list' } as const;

interface Stage {
  readonly vendor: InProcessVendor;
  clock: ManualPacing;
}

const stages = new Map<string, Stage>();

/** A company is made once; tests that do not change it follow each other on it, each with its own clock and faults. */
function stageOf(matrix: MatrixVendor, users: number, { tokenLifeSeconds, ownCompany }: BenchOptions): Stage {
  const key = JSON.stringify([matrix.id, users, tokenLifeSeconds]);
  const known = ownCompany === true ? undefined : stages.get(key);
  if (known) return known;
  const options = { seed: 'matrix', company: `load:${users}`, rateLimit: null, tokenLifeSeconds } as const;
  const stage: Stage = {
    clock: new ManualPacing(),
    vendor: inProcessVendor(matrix.id, options, () => stage.clock.now()),
  };
  if (ownCompany !== true) stages.set(key, stage);
  return stage;
}

/** A connector and the page reader over one simulated vendor, under a clock that only waiting moves on. */
export class Bench {
  readonly pacing = new ManualPacing();
  readonly vendor: InProcessVendor;
  readonly egress: SimulatedEgress;
  readonly context: ConnectorContext;
  readonly users: number;
  private lease: LeaseMaterial;

  constructor(
    readonly matrix: MatrixVendor,
    options: BenchOptions = {},
  ) {
    const { pages = 3, way, alter, renew } = options;
    this.users = Math.floor((pages - 0.5) * matrix.pageSize);
    const stage = stageOf(matrix, this.users, options);
    stage.clock = this.pacing;
    this.vendor = stage.vendor;
    this.vendor.control.clearFaults();
    this.egress = new SimulatedEgress(this.vendor, this.pacing, way, alter);
    this.lease = this.materialOf(1);
    const http = createVendorHttp({
      egress: this.egress,
      pacing: this.pacing,
      budget: new CountingBudget(),
      manifest: matrix.connector.manifest,
      lease: () => this.lease,
      onUnauthorized: (refused) => {
        if (renew === undefined) return Promise.resolve(null);
        this.lease = renew(refused, this);
        return Promise.resolve(this.lease);
      },
    });
    this.context = { http, inputs: {}, load: matrix.connector.manifest.loads[0]!.id };
  }

  /** The credential as a lease holds it now; for OAuth with a token got this moment. */
  materialOf(version: number): LeaseMaterial {
    const { id, type, basePath, fields } = this.matrix;
    const isToken = type === 'oauth2-client-credentials';
    return {
      credential: 'matrix',
      secretVersion: isToken ? 1 : version,
      tokenVersion: isToken ? version : null,
      connector: id,
      type,
      baseUrl: `${origin}${basePath}`,
      fields: fields(this.vendor),
    };
  }

  /** Plans faults of this vendor; without a match for every page of the listing. */
  plan(fault: FaultPlan['fault'], match: FaultPlan['match'] = {}): void {
    this.vendor.control.addFaults([{ vendor: this.matrix.id, match: { ...listed, ...match }, fault }]);
  }

  get secrets(): string[] {
    return Object.values(this.lease.fields).filter((value) => value.length >= 6);
  }

  /** Accounts as the vendor knows them. */
  accounts(): RawAccount[] {
    return this.vendor.control.rawAccounts(this.matrix.id);
  }

  /** Somebody in the middle of the first page, whatever its size is. */
  someone(index = 7): RawAccount {
    const accounts = this.accounts();
    return accounts[index % accounts.length]!;
  }

  /** How the product would ask for that account. */
  referenceTo({ id, record }: RawAccount): UserReference {
    return { vendorId: id, username: this.matrix.usernameIn(record) };
  }

  async read(): Promise<Reading> {
    const users: RawUser[] = [];
    try {
      const pages = readAllUsers(this.matrix.connector, this.context);
      for (;;) {
        const next = await pages.next();
        if (next.done === true) return { users, summary: next.value, error: null };
        users.push(...next.value.users);
      }
    } catch (error) {
      return { users, summary: null, error };
    }
  }

  /** A failure is a named reason that shows no secret (P14, P20). */
  named(error: unknown): VendorError {
    if (!(error instanceof VendorError)) throw new Error(`no named reason: ${String(error)}`, { cause: error });
    const seen = JSON.stringify([error.message, error.stack, error.details]);
    const shown = this.secrets.filter((secret) => seen.includes(secret));
    if (shown.length > 0) throw new Error('the reason shows a secret');
    return error;
  }
}
