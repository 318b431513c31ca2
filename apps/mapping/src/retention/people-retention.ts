import { Injectable } from '@nestjs/common';
import { Databases, inTransaction, people } from '@rollcall/collections';
import { AppError } from '@rollcall/contracts';
import { v7 as uuidv7 } from 'uuid';

import { ErasuresService } from '../erasures/erasures.service.js';

/** An erasure is a transaction of its own, which takes longer than deleting a document. */
const peopleAtOnce = 50;

/** Erases people who have been inactive for long, as if somebody had asked for it. Whom something concerns still, waits. */
@Injectable()
export class PeopleRetention {
  /** Whoever was refused is passed by until the next walk. */
  private after = '';

  constructor(
    private readonly databases: Databases,
    private readonly erasures: ErasuresService,
  ) {}

  async eraseSome(before: Date, limit: number): Promise<number> {
    const time = before.toISOString();
    const old = { $lt: time };
    const filter = {
      _id: { $gt: this.after },
      active: false,
      erasedAt: { $exists: false },
      mergedInto: null,
      $or: [{ 'deactivated.time': old }, { deactivated: null, 'created.time': old }],
    };
    const found = await this.databases
      .collection(people)
      .find(filter, { projection: { _id: 1 } })
      .sort({ _id: 1 })
      .limit(Math.min(limit, peopleAtOnce))
      .toArray();
    for (const { _id } of found) await this.erase(_id);
    this.after = found.at(-1)?._id ?? '';
    return found.length;
  }

  private async erase(person: string): Promise<void> {
    const order = { person, by: 'retention', id: `retention-${uuidv7()}` };
    const reason = 'Inactive for longer than people are kept (RETENTION_INACTIVE_PEOPLE_DAYS).';
    try {
      await inTransaction(this.databases, (session) => this.erasures.order({ ...order, reason }, session));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
    }
  }
}
