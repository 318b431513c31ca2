import { Inject, Injectable } from '@nestjs/common';
import { Databases, type NoticeDocument, notices } from '@rollcall/collections';
import type { NoticeRecord } from '@rollcall/contracts';
import type { ClientSession, Collection } from 'mongodb';

@Injectable()
export class NoticesRepository {
  private readonly notices: Collection<NoticeDocument>;

  constructor(@Inject(Databases) databases: Databases) {
    this.notices = databases.collection(notices);
  }

  async insert(session: ClientSession, { id, ...rest }: NoticeRecord): Promise<void> {
    await this.notices.insertOne({ _id: id, ...rest }, { session });
  }

  /** Addresses that have heard of an incident. */
  async findToldAddresses(session: ClientSession, incident: string): Promise<Set<string>> {
    const told = await this.notices.find({ incident }, { session, projection: { contact: 1 } }).toArray();
    return new Set(told.map((notice) => notice.contact.email));
  }

  /** The first time counts; null when there is no such notice. */
  async markRead(session: ClientSession, id: string, at: string): Promise<NoticeRecord | null> {
    await this.notices.updateOne({ _id: id, readAt: null }, { $set: { readAt: at } }, { session });
    const document = await this.notices.findOne({ _id: id }, { session });
    if (!document) return null;
    const { _id, ...rest } = document;
    return { id: _id, ...rest };
  }
}
