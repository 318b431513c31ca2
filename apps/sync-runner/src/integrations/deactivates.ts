import type { IntegrationDocument } from '@rollcall/collections';

/** The undo that put Deactivate on hold. */
export type HeldBy = NonNullable<IntegrationDocument['deactivate']['heldBy']>;

export function deactivates(integration: IntegrationDocument): boolean {
  return wouldDeactivate(integration) && !integration.deactivate.onHold;
}

/** It would deactivate, if an undo had not put that on hold. */
export function isOnHold(integration: IntegrationDocument): boolean {
  return wouldDeactivate(integration) && integration.deactivate.onHold;
}

/** The switch belongs to "user plus SaaS user" (R44), and Create only never changes an existing record (R38). */
function wouldDeactivate({ content, preference, deactivate }: IntegrationDocument): boolean {
  return deactivate.enabled && content === 'user-and-saas-user' && preference !== 'create-only';
}

export function putOnHold(
  { deactivate }: IntegrationDocument,
  heldBy: HeldBy,
): Pick<IntegrationDocument, 'deactivate'> {
  return { deactivate: { ...deactivate, onHold: true, heldBy } };
}
