import { Injectable } from '@nestjs/common';
import { Databases, type NoticeDocument, notices } from '@rollcall/collections';
import type { NoticeRecord } from '@rollcall/contracts';
import type { ClientSession } from 'mongodb';
import type { Model } from 'mongoose';

@Injectable()
export class NoticesRepository {
  private readonly notices: Model<NoticeDocument>;

  constructor(databases: Databases) {
    this.notices = databases.model(notices);
  }

  async insert(session: ClientSession, { id, ...rest }: NoticeRecord): Promise<void> {
    await this.notices.create([{ _id: id, ...rest }], { session });
  }

  /** Addresses that have heard of an incident. */
  async findToldAddresses(session: ClientSession, incident: string): Promise<Set<string>> {
    const told = await this.notices.find({ incident }, { contact: 1 }, { session }).lean();
    return new Set(told.map((notice) => notice.contact.email));
  }

  async isTold(incident: string): Promise<boolean> {
    return (await this.notices.findOne({ incident }, { _id: 1 }).lean()) !== null;
  }

  /** The first time counts; null when there is no such notice. */
  async markRead(session: ClientSession, id: string, at: string): Promise<NoticeRecord | null> {
    await this.notices.updateOne({ _id: id, readAt: null }, { $set: { readAt: at } }, { session });
    const document = await this.notices.findOne({ _id: id }, null, { session }).lean();
    if (!document) return null;
    const { _id, ...rest } = document;
    return { id: _id, ...rest };
  }
}
