import { Injectable } from '@nestjs/common';
import {
  Databases,
  type ErasureSubject,
  intents,
  redactDocuments,
  Redaction,
  vendorPartOf,
  workflowRuns,
} from '@rollcall/collections';
import type { PersonalTraces } from '@rollcall/service';

/** Whom workflows acted on: subjects, targets, and what vendors answered. That and when they acted stays. */
@Injectable()
export class WorkflowTraces implements PersonalTraces {
  constructor(private readonly databases: Databases) {}

  async erase(subject: ErasureSubject): Promise<void> {
    const { accounts, people } = subject;
    const runs = this.databases.collection(workflowRuns);
    const calls = this.databases.collection(intents);
    for (const name of accounts) {
      const redaction = new Redaction(subject, name.integration);
      const target = {
        'target.account': name.to,
        'target.vendorId': vendorPartOf(name),
        'target.username': null,
        'target.email': null,
        'target.createdAtVendor': null,
      };
      // First what refers to them by an id that goes with the second step.
      const acted = await calls.distinct('workflowRun', { 'target.account': name.from });
      await redactDocuments(runs, { _id: { $in: acted } }, redaction);
      await redactDocuments(calls, { 'target.account': name.from }, redaction);
      await calls.updateMany({ 'target.account': { $in: [name.from, name.to] } }, { $set: target });
      await redactDocuments(runs, { subject: name.from }, redaction);
    }
    await redactDocuments(runs, { subject: { $in: people } }, new Redaction(subject));
  }
}
