import type { IntegrationDocument } from '@rollcall/collections';

/** Whether the next slot is another one by now. */
export function isRescheduled(before: IntegrationDocument, after: IntegrationDocument): boolean {
  const { schedule, quarantine } = before;
  return schedule.cron !== after.schedule.cron || schedule.zone !== after.schedule.zone || quarantine !== null;
}

/** What decides whom a run finds and deactivates; a plan made before says nothing about the runs after (E3). */
export function readsOtherwise(before: IntegrationDocument, after: IntegrationDocument): boolean {
  const readBy = ({ credential, inputs, content, preference, deactivate, installation }: IntegrationDocument): string =>
    JSON.stringify([credential, Object.entries(inputs).sort(), content, preference, deactivate.enabled, installation]);
  return readBy(before) !== readBy(after);
}

/** By these mapping folds people and makes entries of apps; the rest of an integration is none of its business (D1). */
export function concernsMapping(before: IntegrationDocument, after: IntegrationDocument): boolean {
  const concerned = ({ name, priority, authoritative, content, app }: IntegrationDocument): string =>
    JSON.stringify([name, priority, authoritative, content, app]);
  return concerned(before) !== concerned(after);
}
