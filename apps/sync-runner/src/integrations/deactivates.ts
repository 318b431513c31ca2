import type { IntegrationDocument } from '@rollcall/collections';

/** The switch belongs to "user plus SaaS user" (R44), and Create only never changes an existing record (D4). */
export function deactivates({ content, preference, deactivate }: IntegrationDocument): boolean {
  return deactivate.enabled && !deactivate.onHold && content === 'user-and-saas-user' && preference !== 'create-only';
}
