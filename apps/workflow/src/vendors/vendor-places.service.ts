import { Injectable } from '@nestjs/common';
import type { AccountDocument } from '@rollcall/collections';
import { type Connector, filledInputs, inputsOfLoad } from '@rollcall/connector-kit';
import { hasVisibleCharacter } from '@rollcall/contracts';

import { type KnownIntegration, PublishedRecords } from '../records/published-records.repository.js';

/** Where at a vendor an account lies, as the runs that read it are told. */
export interface VendorPlace {
  /** Inputs of the integration, as far as they say where, and not whom, it reads. */
  readonly inputs: Readonly<Record<string, string>>;
  /** The integration, and the credential that it reads with; null when none is known. */
  readonly reader: Pick<KnownIntegration, '_id' | 'credential'> | null;
}

interface Question {
  readonly connector: Connector;
  readonly credential: string;
  readonly account: Pick<AccountDocument, 'integration'> | null;
}

/**
 * Finds the integration by which a vendor is to be asked: the account's own, or else the only one that uses the credential.
 * A key that sees several organizations would otherwise be asked about the wrong one.
 */
@Injectable()
export class VendorPlaces {
  constructor(private readonly records: PublishedRecords) {}

  async find({ connector: { manifest }, credential, account }: Question): Promise<VendorPlace> {
    const integration =
      account === null
        ? await this.records.findOnlyUser(credential)
        : await this.records.findIntegration(account.integration);
    if (integration?.connector !== manifest.id) return { inputs: {}, reader: null };
    // The first load has no filter: whom another load leaves out is not gone from the vendor.
    const load = manifest.loads[0]!.id;
    const names = new Set(inputsOfLoad(manifest, load).flatMap(({ name, secret }) => (secret ? [] : [name])));
    const own = Object.entries(filledInputs(manifest, load, integration.inputs)).filter(
      ([name, value]) => names.has(name) && hasVisibleCharacter(value),
    );
    return { inputs: Object.fromEntries(own), reader: integration };
  }
}
