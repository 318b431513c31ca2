import { Injectable } from '@nestjs/common';
import { Databases, type ErasureSubject, heldPlans, redactDocuments, Redaction, runs } from '@rollcall/collections';
import type { PersonalTraces } from '@rollcall/service';

/** Names and vendor ids of people in runs: problems, examples of verdicts and plans, the one user of a run. */
@Injectable()
export class RunTraces implements PersonalTraces {
  constructor(private readonly databases: Databases) {}

  async erase(subject: ErasureSubject): Promise<void> {
    for (const integration of new Set(subject.accounts.map((account) => account.integration))) {
      const redaction = new Redaction(subject, integration);
      await redactDocuments(this.databases.collection(runs), { integration }, redaction);
      await redactDocuments(this.databases.collection(heldPlans), { integration }, redaction);
    }
  }
}
