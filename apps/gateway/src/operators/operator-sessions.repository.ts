import { Injectable } from '@nestjs/common';
import {
  type ClientSession,
  Databases,
  queryTimeMs,
  type SessionDocument,
  sessions,
  trusted,
} from '@rollcall/collections';

type NewTokens = Pick<SessionDocument, 'accessHash' | 'accessExpiresAt' | 'refreshHash' | 'refreshExpiresAt'>;

@Injectable()
export class OperatorSessionsRepository {
  constructor(private readonly databases: Databases) {}

  async insert(document: SessionDocument, session: ClientSession): Promise<void> {
    await this.sessions.create([document], { session });
  }

  async find(id: string): Promise<SessionDocument | null> {
    return this.sessions.findOne({ _id: id }, null, { maxTimeMS: queryTimeMs }).lean();
  }

  /** False when the refresh token was used meanwhile, or the session ended. */
  async rotate(id: string, refreshHash: string, tokens: NewTokens): Promise<boolean> {
    const { modifiedCount } = await this.sessions.updateOne({ _id: id, refreshHash, endedAt: null }, { $set: tokens });
    return modifiedCount === 1;
  }

  async end(id: string, at: Date): Promise<void> {
    await this.sessions.updateOne({ _id: id, endedAt: null }, { $set: { endedAt: at } });
  }

  /**
   * In the transaction of the reason for it, so that no session begins in between.
   * @param but session that goes on
   */
  async endAllOf(operator: string, at: Date, session: ClientSession, but?: string): Promise<void> {
    const others = but === undefined ? {} : { _id: trusted({ $ne: but }) };
    await this.sessions.updateMany({ operator, endedAt: null, ...others }, { $set: { endedAt: at } }, { session });
  }

  private get sessions() {
    return this.databases.model(sessions);
  }
}
