import type { Installation } from '../e2e/installation.js';
import type { Churn } from './churn.js';
import { checkDeadLetters, checkIntents, checkMails, checkQuiet } from './effect-checks.js';
import { checkEvents, type EventFigures } from './event-checks.js';
import type { Faults } from './faults.js';
import { checkAccounts, checkPeople, laterRevisions, storedRecords } from './record-checks.js';

export interface Figures extends EventFigures {
  readonly accounts: number;
  readonly people: number;
  readonly intents: number;
  readonly notices: number;
  readonly mails: number;
}

/** I1 to I7, I9 and I12, once nothing is killed any more and a round has swept. */
export async function checkAll(installation: Installation, churn: Churn, faults: Faults): Promise<Figures> {
  await checkQuiet(installation, faults);
  const stored = await storedRecords(installation);
  await checkAccounts(installation, stored, faults);
  await checkPeople(installation, stored, faults);
  const events = await checkEvents(installation, stored, churn, faults);
  const later = await laterRevisions(installation);
  if (later !== events.laterRevisions) faults.add('I5', `${later} changes and ${events.laterRevisions} events of them`);
  const intents = await checkIntents(installation, faults);
  const mails = await checkMails(installation, faults);
  await checkDeadLetters(installation, faults);
  return { accounts: stored.accounts.size, people: stored.people.size, ...events, intents, ...mails };
}
