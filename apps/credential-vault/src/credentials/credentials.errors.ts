import type { createCredential, deleteCredential, draftCredential, updateCredential } from '@rollcall/contracts';
import { AppError } from '@rollcall/contracts';

import type { CredentialUses } from './credential-uses.repository.js';

type Codes =
  | (typeof createCredential)['errors'][number]
  | (typeof draftCredential)['errors'][number]
  | (typeof updateCredential)['errors'][number]
  | (typeof deleteCredential)['errors'][number];

/** Refusals of credential commands. Details and messages name fields and hosts, never a value (P20). */
export class CredentialError extends AppError<Codes> {}

export const unknownConnector = (connector: string): CredentialError =>
  new CredentialError(
    'unknown-connector',
    `There is no connector "${connector}" in this version of Rollcall. Choose one of the catalogue.`,
    { details: { connector } },
  );

export const unknownAuthScheme = (type: string, offered: readonly string[]): CredentialError =>
  new CredentialError(
    'unknown-auth-scheme',
    `This vendor does not take credentials of type "${type}". Choose one of: ${offered.join(', ')}.`,
    { details: { type, offered } },
  );

export const missingSecret = (labels: readonly string[]): CredentialError =>
  new CredentialError(
    'missing-secret',
    `Fields without a value: ${labels.join(', ')}. Enter them in the same change.`,
    { details: { fields: labels } },
  );

export const unknownSecret = (fields: readonly string[]): CredentialError =>
  new CredentialError(
    'unknown-secret',
    `The vendor's credential has no fields ${fields.join(', ')}, so nothing was stored. Leave them out.`,
    { details: { fields } },
  );

/** @param why without the value */
export const invalidSecret = (label: string, why: string): CredentialError =>
  new CredentialError('invalid-secret', `"${label}" cannot be used: ${why}. Correct it; nothing was stored.`, {
    details: { field: label },
  });

export const unreadableSecret = (field: string): CredentialError =>
  new CredentialError(
    'unreadable-secret',
    `The sealed field "${field}" cannot be opened: it was sealed to another vault or for another command. Enter it again.`,
    { details: { field } },
  );

export const storedUnreadable = (labels: readonly string[]): CredentialError =>
  new CredentialError(
    'unreadable-secret',
    `What is stored as ${labels.join(', ')} cannot be read any more, so it cannot be kept. Enter it again in the same change.`,
    { details: { fields: labels } },
  );

export const hostNotAllowed = (why: string): CredentialError =>
  new CredentialError('host-not-allowed', `The base URL is refused: ${why}.`);

export const tokenUrlNotAllowed = (message: string): CredentialError =>
  new CredentialError('host-not-allowed', message);

export const hostNeedsSecret = (kept: readonly string[]): CredentialError =>
  new CredentialError(
    'host-needs-secret',
    'A secret is bound to the hosts that it is sent to. To move this credential to another base URL or token URL, enter ' +
      `all its fields again in the same change. Missing: ${kept.join(', ')}.`,
    { details: { fields: kept } },
  );

export const credentialInUse = (name: string, { integrations, workflows }: CredentialUses): CredentialError => {
  const users = [
    ...(integrations.length > 0 ? [`the integrations ${quotedList(integrations)}`] : []),
    ...(workflows.length > 0 ? [`the active workflows ${quotedList(workflows)}`] : []),
  ];
  return new CredentialError(
    'credential-in-use',
    `"${name}" was not deleted, because it is used by ${users.join(' and ')}. Choose another credential there first, or ` +
      'replace its secret instead.',
    { details: { integrations, workflows } },
  );
};

function quotedList(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}

export const nameTaken = (name: string): CredentialError =>
  new CredentialError('name-taken', `Another credential is already called "${name}". Choose another name.`, {
    details: { name },
  });

export const idTaken = (id: string): CredentialError =>
  new CredentialError('id-taken', 'A credential with this id already exists. Send the request again with a new id.', {
    details: { id },
  });

export const credentialNotFound = (id: string): CredentialError =>
  new CredentialError(
    'credential-not-found',
    'This credential does not exist (any more). Choose another one, or create it again.',
    { details: { id } },
  );
