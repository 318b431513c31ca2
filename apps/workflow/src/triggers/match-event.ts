import type { WorkflowVersionDocument } from '@rollcall/collections';
import type { Cause } from '@rollcall/contracts';

export interface TriggeringEvent {
  /** ISO time of the change. */
  readonly time: string;
  /** App of a SaaS user, null for people. */
  readonly app: string | null;
  readonly cause: Cause;
}

/** Events of a run before the first completed one (architecture 9). */
export function isInitial(cause: Cause): boolean {
  return 'initial' in cause && cause.initial;
}

/** True if the event starts this version; its type is the version's trigger already (R107–R109). */
export function startsWorkflow(version: WorkflowVersionDocument, event: TriggeringEvent): boolean {
  const { begin } = version.definition;
  if (isCleanUp(event.cause)) return false;
  if (begin.app !== event.app) return false;
  if (isInitial(event.cause) && !begin.includeInitial) return false;
  return Date.parse(event.time) >= (version.activeSince ?? version.publishedAt).getTime();
}

/** An integration was taken away with its data, or somebody takes back what a run did: nobody came or left. */
function isCleanUp(cause: Cause): boolean {
  if (cause.kind === 'undo' || cause.kind === 'retirement') return true;
  return cause.kind === 'people-plan' && cause.from === 'retirement';
}
