import { Inject, Injectable } from '@nestjs/common';
import { Databases, type ErasedUserDocument, erasedUsers } from '@rollcall/collections';
import { INFRASTRUCTURE, type Infrastructure } from '@rollcall/service';
import type { ClientSession, Collection } from 'mongodb';

import { idsOf } from '../changes/changes.repository.js';

/** Vendor users of erased people, known by a digest that only this installation can make. */
@Injectable()
export class ErasedUsersRepository {
  private readonly collection: Collection<ErasedUserDocument>;

  constructor(
    databases: Databases,
    @Inject(INFRASTRUCTURE) private readonly infrastructure: Pick<Infrastructure, 'signing'>,
  ) {
    this.collection = databases.collection(erasedUsers);
  }

  /**
   * Which of these vendor ids belonged to people who were erased. Asked for users only who have no account, so that the
   * unchanged slice costs nothing; where an integration has none, it is one small read.
   */
  async among(integration: string, vendorIds: readonly string[]): Promise<Map<string, ErasedUserDocument>> {
    if (vendorIds.length === 0) return new Map();
    const any = await this.collection.findOne({ _id: idsOf(integration) }, { projection: { _id: 1 } });
    if (any === null) return new Map();
    const byId = new Map(vendorIds.map((vendorId) => [this.idOf(integration, vendorId), vendorId]));
    const found = await this.collection.find({ _id: { $in: [...byId.keys()] } }).toArray();
    return new Map(found.map((user) => [byId.get(user._id)!, user]));
  }

  async note(
    session: ClientSession,
    users: readonly { readonly integration: string; readonly vendorId: string; readonly to: string }[],
    of: { readonly person: string; readonly at: Date },
  ): Promise<void> {
    for (const { integration, vendorId, to: account } of users) {
      const _id = this.idOf(integration, vendorId);
      await this.collection.replaceOne({ _id }, { account, ...of }, { session, upsert: true });
    }
  }

  private idOf(integration: string, vendorId: string): string {
    return `${integration}:${this.infrastructure.signing.digest('rollcall erased user v1', integration, vendorId)}`;
  }
}
