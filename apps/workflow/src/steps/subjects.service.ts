import { Injectable } from '@nestjs/common';

import { PublishedRecords } from '../records/published-records.repository.js';
import type { Step, Subject } from './step.js';

/** Re-reads the record that started a run, before every step (C6). */
@Injectable()
export class SubjectsService {
  constructor(private readonly records: PublishedRecords) {}

  load({ run, trigger }: Pick<Step, 'run' | 'trigger'>): Promise<Subject> {
    return trigger.startsWith('person.') ? this.ofPerson(run.subject) : this.ofAccount(run.subject);
  }

  private async ofPerson(id: string): Promise<Subject> {
    const person = await this.records.findPerson(id);
    return { account: null, person, accounts: person ? await this.records.accountsOfPerson(id) : [] };
  }

  private async ofAccount(id: string): Promise<Subject> {
    const account = await this.records.findAccount(id);
    if (account === null || account.person === null) {
      return { account, person: null, accounts: account ? [account] : [] };
    }
    const [person, accounts] = await Promise.all([
      this.records.findPerson(account.person),
      this.records.accountsOfPerson(account.person),
    ]);
    return { account, person, accounts };
  }
}
