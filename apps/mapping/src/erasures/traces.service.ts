import { Injectable } from '@nestjs/common';
import { Databases, inTransaction } from '@rollcall/collections';
import { Leases } from '@rollcall/messaging';
import { EveryInterval } from '@rollcall/service';

import { ErasuresRepository } from './erasures.repository.js';
import { TracesRepository } from './traces.repository.js';

const everyMs = 5_000;
const leaseMs = 30_000;

/** Erases what mapping holds of somebody beside their records. After a kill it begins anew, and finds what is left. */
@Injectable()
export class TracesService {
  constructor(
    private readonly erasures: ErasuresRepository,
    private readonly traces: TracesRepository,
    private readonly leases: Leases,
    private readonly databases: Databases,
  ) {}

  @EveryInterval('erasures', everyMs)
  async step(): Promise<boolean> {
    const next = await this.erasures.nextFor('mapping');
    if (next === null || !(await this.leases.take('erasures', leaseMs))) return false;
    const { subject } = next;
    if (subject) {
      await this.traces.eraseHistory(subject);
      await this.traces.erasePlans(subject);
      await this.traces.eraseReadings(subject);
      await this.traces.eraseResults(subject);
    }
    await inTransaction(this.databases, async (session) => {
      const erasure = await this.erasures.find(next._id, session);
      if (erasure) await this.erasures.confirm(session, erasure, 'mapping', this.databases.time());
    });
    return true;
  }
}
