import { Injectable } from '@nestjs/common';
import { Databases, passwordLinkRequests } from '@rollcall/collections';

@Injectable()
export class PasswordLinkRequestsRepository {
  constructor(private readonly databases: Databases) {}

  /**
   * Counts a request for an account, whether or not there is one. Requests are counted anew once a window is over.
   * @returns how many there were in this window with this one, and milliseconds until it is over
   */
  async count(account: string, windowMs: number): Promise<{ count: number; leftMs: number }> {
    const now = this.databases.time();
    const isOver = { $lt: [{ $ifNull: ['$since', new Date(0)] }, new Date(now.getTime() - windowMs)] };
    // The driver's, because the count is made by the server.
    const after = await this.databases.collection(passwordLinkRequests).findOneAndUpdate(
      { _id: account },
      [
        {
          $set: {
            count: { $cond: [isOver, 1, { $add: ['$count', 1] }] },
            since: { $cond: [isOver, now, '$since'] },
          },
        },
      ],
      { upsert: true, returnDocument: 'after' },
    );
    const { count = 1, since = now } = after ?? {};
    return { count, leftMs: Math.max(0, since.getTime() + windowMs - now.getTime()) };
  }
}
