import { intents, messagingCollections, notices, outgoingMail, runs, workflowRuns } from '@rollcall/collections';
import { deadLettersTopic, runEndStates, serviceNames } from '@rollcall/contracts';
import { streamTopic, waitFor } from '@rollcall/testing';

import type { Installation } from '../e2e/installation.js';
import type { Faults } from './faults.js';

/** I12: after the last fault everything comes to rest by itself. */
export async function checkQuiet(installation: Installation, faults: Faults): Promise<void> {
  const { databases } = installation.environment;
  const restless = async (): Promise<string[]> => {
    const open = await databases.collection(runs).countDocuments({ state: { $nin: [...runEndStates] } });
    // Steps that wait for the undo window come due within seconds; those that wait for a person later, or never.
    const soon = new Date(Date.now() + 20_000);
    const due = await databases.collection(workflowRuns).countDocuments({ dueAt: { $lt: soon } });
    const queued = await databases.collection(outgoingMail).countDocuments({ state: 'queued' });
    const waiting: string[] = [`${open} runs`, `${due} workflow runs`, `${queued} mails`];
    for (const service of serviceNames) {
      const left = await databases.collection(messagingCollections(service).outbox).countDocuments();
      waiting.push(`${left} messages of ${service}`);
    }
    return waiting.filter((text) => !text.startsWith('0 '));
  };
  const isQuiet = async () => (await restless()).length === 0;
  await waitFor('rest', isQuiet, 60_000).catch(async () => {
    const what = (await restless()).join(', ');
    faults.add('I12', `after 60 s there are still ${what}. ${await openWork(installation)}`);
  });
}

/** What runs and workflow runs that are still open wait for, a few of each. */
async function openWork({ environment: { databases } }: Installation): Promise<string> {
  const [syncs, works] = await Promise.all([
    databases
      .collection(runs)
      .find({ state: { $nin: [...runEndStates] } }, { limit: 3 })
      .toArray(),
    databases
      .collection(workflowRuns)
      .find({ dueAt: { $ne: null } }, { limit: 5, sort: { dueAt: 1 } })
      .toArray(),
  ]);
  const told = works.map(({ _id, startedAt, dueAt, lease, steps }) => ({ _id, startedAt, dueAt, lease, steps }));
  return JSON.stringify({ now: new Date(), runs: syncs, workflowRuns: told });
}

/** I6 and I7: no call without its intent, no second effect for one, and it hit whom the intent names. */
export async function checkIntents(installation: Installation, faults: Faults): Promise<number> {
  const { control } = installation.simulator;
  const planned = await installation.environment.databases.collection(intents).find().toArray();
  const effects = new Map<string, number>();
  for (const entry of control.ledger()) {
    if (entry.kind === 'effect') effects.set(entry.id, (effects.get(entry.id) ?? 0) + 1);
  }
  for (const [id, count] of effects) {
    const named = planned.filter(({ target }) => target.vendorId === id && target.username !== null);
    if (named.length === 0) faults.add('I7', `the vendor's user ${id} was acted on, and no intent names them`);
    else if (count > named.length) faults.add('I6', `${id} was acted on ${count} times for ${named.length} intents`);
  }
  return planned.length;
}

/** I9: each notice is one mail; a second copy has the same Message-ID. */
export async function checkMails(
  installation: Installation,
  faults: Faults,
): Promise<{ notices: number; mails: number }> {
  const { databases } = installation.environment;
  const told = await databases.collection(notices).countDocuments();
  const sent = await databases.collection(outgoingMail).find({ state: 'sent' }).toArray();
  const ids = new Set(installation.mail.received.map(({ id }) => id));
  if (ids.size !== sent.length) faults.add('I9', `${sent.length} mails were sent, ${ids.size} different ones arrived`);
  return { notices: told, mails: installation.mail.received.length };
}

/** Nothing undecodable was sent, so nothing may have been parked. */
export async function checkDeadLetters({ environment: { kafka } }: Installation, faults: Faults): Promise<void> {
  await streamTopic(kafka, deadLettersTopic, ({ value }) => faults.add('P5', `a dead letter: ${value.slice(0, 300)}`));
}
