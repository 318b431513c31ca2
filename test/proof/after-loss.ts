import { isDeepStrictEqual } from 'node:util';

import { accounts, people, recordEpochs, runs } from '@rollcall/collections';
import { peopleTopic, runEndStates, saasUsersTopic, serviceNames } from '@rollcall/contracts';
import { type RecordFollower, waitFor } from '@rollcall/testing';

import { publishedAccount, publishedPerson } from '../../apps/mapping/src/changes/record-change.js';
import type { Installation } from '../e2e/installation.js';
import { Rest } from '../e2e/rest.js';
import { checkQuiet } from './effect-checks.js';
import type { Faults } from './faults.js';
import { checkAccounts, checkPeople, storedRecords } from './record-checks.js';

const healedWithinMs = 180_000;

/** What a person does whose topics or databases were lost, as the guides say, and what must hold afterwards. */
export class AfterLoss {
  private readonly rest: Rest;

  constructor(
    private readonly installation: Installation,
    private readonly follower: RecordFollower,
  ) {
    this.rest = new Rest(installation.gatewayUrl, installation.apiKey);
  }

  /** Says that raw-records may be another topic than mapping knew, until every service is ready. */
  async acceptTopics(): Promise<void> {
    await waitFor(
      'the partitions to be accepted, and all services to be ready',
      async () => {
        const status = await this.rest.request('POST', '/system/positions/reset').then(
          (answer) => answer.status,
          () => 0,
        );
        return status === 200 && (await this.areReady());
      },
      healedWithinMs,
    );
  }

  async untilNoRunIsOpen(): Promise<void> {
    const open = { state: { $nin: [...runEndStates] } };
    const { databases } = this.installation.environment;
    await waitFor(
      'open runs to end',
      async () => (await databases.collection(runs).countDocuments(open)) === 0,
      healedWithinMs,
    );
  }

  /** All records are said again, for consumers who may have missed some. */
  async resync(): Promise<void> {
    const { databases } = this.installation.environment;
    await waitFor(
      'a resync to begin',
      async () => (await this.rest.request('POST', '/system/records/resync')).status === 200,
      healedWithinMs,
    );
    await waitFor(
      'all records to be said',
      async () => (await databases.collection(recordEpochs).findOne({ _id: 'records' }))?.resync === null,
      healedWithinMs,
    );
  }

  /**
   * Records are what the vendors have, people what their accounts make of them, whoever follows the events has the same, and
   * nobody was acted on twice at a vendor, where each leaves once.
   */
  async check(faults: Faults): Promise<{ accounts: number; people: number; effects: number }> {
    const { installation, follower } = this;
    await checkQuiet(installation, faults);
    const stored = await storedRecords(installation);
    await checkAccounts(installation, stored, faults);
    await checkPeople(installation, stored, faults);
    await follower.follow();
    const { databases } = installation.environment;
    compare(
      'saas-user',
      follower.recordsOf(saasUsersTopic),
      await databases.collection(accounts).find().map(publishedAccount).toArray(),
      faults,
    );
    compare(
      'person',
      follower.recordsOf(peopleTopic),
      await databases.collection(people).find().map(publishedPerson).toArray(),
      faults,
    );
    for (const fault of follower.faults) faults.add('I4', fault);
    const effects = installation.simulator.control.ledger().flatMap((one) => (one.kind === 'effect' ? [one.id] : []));
    for (const [at, id] of effects.entries())
      if (effects.indexOf(id) !== at) faults.add('I6', `${id} was acted on again`);
    return { accounts: stored.accounts.size, people: stored.people.size, effects: effects.length };
  }

  private async areReady(): Promise<boolean> {
    const answers = await Promise.all(
      serviceNames.map((name) => fetch(`${this.installation.service(name).url}/readyz`).catch(() => null)),
    );
    return answers.every((answer) => answer?.ok === true);
  }
}

/** As JSON, because that is what events carry. */
function compare(
  noun: string,
  followed: ReadonlyMap<string, object>,
  stored: readonly { readonly id: string }[],
  faults: Faults,
): void {
  const left = new Set(followed.keys());
  for (const record of stored) {
    left.delete(record.id);
    const known = followed.get(record.id);
    if (known === undefined)
      faults.add('I5', `${noun} ${record.id} is stored, and whoever follows has not heard of it`);
    else if (!isDeepStrictEqual(known, asJson(record)))
      faults.add('I5', `${noun} ${record.id} is not what whoever follows was told`);
  }
  for (const id of left) faults.add('I5', `whoever follows has a ${noun} ${id} that is not stored`);
}

const asJson = (record: object): unknown => JSON.parse(JSON.stringify(record));
