import assert from 'node:assert/strict';

import { type LeaseMaterial, type RawUser } from '@rollcall/contracts';

import { secretsOf } from '../authorization.js';
import { type Connector, type ConnectorContext, type UserReference } from '../connector.js';
import { readAllUsers, type ReadSummary } from '../read-all-users.js';
import { VendorError, type VendorErrorCode } from '../vendor-error.js';
import { createVendorHttp } from '../vendor-http.js';
import {
  CountingBudget,
  ManualPacing,
  type ScriptedAnswer,
  ScriptedEgress,
  type VendorScript,
} from './scripted-egress.js';

/** One promise that every connector keeps. `run` rejects with an assertion error when it does not. */
export interface ConformanceCase {
  readonly title: string;
  readonly run: () => Promise<void>;
}

export interface ConformanceOptions {
  readonly connector: Connector;
  /** Material with secrets that stand nowhere else, so that a leak is found. */
  readonly lease: LeaseMaterial;
  readonly inputs?: Readonly<Record<string, string>>;
  /** Answers as the healthy vendor does for a company of that many users. */
  readonly company: (users: number) => VendorScript;
  readonly pageSize: number;
  /** The vendor's answer to a wrong credential. */
  readonly authRejected: ScriptedAnswer;
  /** A user of `company(3)`, and one whom it does not have. */
  readonly present: UserReference;
  readonly missing: UserReference;
}

interface Reading {
  readonly users: RawUser[];
  readonly summary: ReadSummary | null;
  readonly error: unknown;
  readonly egress: ScriptedEgress;
  readonly pacing: ManualPacing;
}

/** Everything below a connector, on a script instead of a vendor. */
export class Bench {
  constructor(readonly options: ConformanceOptions) {}

  /** Builds everything below the connector on a script. */
  context(script: VendorScript): { context: ConnectorContext; egress: ScriptedEgress; pacing: ManualPacing } {
    const { connector, lease, inputs = {} } = this.options;
    const pacing = new ManualPacing();
    const egress = new ScriptedEgress(script, pacing);
    const http = createVendorHttp({
      egress,
      pacing,
      budget: new CountingBudget(),
      manifest: connector.manifest,
      lease: () => lease,
    });
    const load = connector.manifest.loads[0]?.id ?? '';
    return { context: { http, inputs, load }, egress, pacing };
  }

  async read(script: VendorScript): Promise<Reading> {
    const { context, egress, pacing } = this.context(script);
    const users: RawUser[] = [];
    try {
      const pages = readAllUsers(this.options.connector, context, { maxPages: 50 });
      for (;;) {
        const next = await pages.next();
        if (next.done) return { users, summary: next.value, error: null, egress, pacing };
        users.push(...next.value.users);
      }
    } catch (error) {
      this.checkFailure(error);
      return { users, summary: null, error, egress, pacing };
    }
  }

  /** Every failure is a named reason and shows no secret (P14, P20). */
  checkFailure(error: unknown): asserts error is VendorError {
    assert.ok(error instanceof VendorError, `expected a VendorError, got ${String(error)}`);
    const seen = JSON.stringify([error.message, error.stack, error.details, String(error.cause)]);
    for (const secret of secretsOf(this.options.connector.manifest, this.options.lease)) {
      assert.ok(!seen.includes(secret), 'the error shows a secret');
    }
  }

  async fails(work: Promise<unknown>, code?: VendorErrorCode): Promise<void> {
    const error: unknown = await work.then(
      () => assert.fail('expected a failure'),
      (reason: unknown) => reason,
    );
    this.checkFailure(error);
    if (code !== undefined) assert.equal(error.code, code);
  }
}
