import { createHash } from 'node:crypto';

import type { CredentialDocument, IntegrationDocument, RunDocument } from '@rollcall/collections';
import type { ConnectorManifest, Pinned } from '@rollcall/contracts';

import { deactivates } from '../integrations/deactivates.js';

/** What the vendor is asked with. Another fingerprint means that absences may come from the change (evidence e). */
export interface Scope {
  readonly connectorVersion: number;
  readonly load: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly credential: string;
  readonly secretVersion: number;
  readonly baseUrl: string;
}

/** Equal for equal scopes, whatever the order of the inputs is. Name and schedule are no part of it. */
export function fingerprintOf(scope: Scope): string {
  const inputs = Object.entries(scope.inputs).sort(([a], [b]) => (a < b ? -1 : 1));
  const { connectorVersion, load, credential, secretVersion, baseUrl } = scope;
  const text = JSON.stringify([connectorVersion, load, inputs, credential, secretVersion, baseUrl]);
  return createHash('sha256').update(text).digest('base64url');
}

export interface PinSource {
  readonly run: RunDocument;
  readonly integration: IntegrationDocument;
  readonly manifest: ConnectorManifest;
  readonly credential: CredentialDocument;
  readonly mappingVersion: number;
  readonly mappedProperties: readonly string[];
  readonly app: string | null;
  readonly secretVersion: number;
  /** Of the credential, whom no run may deactivate (G7). */
  readonly ownUsers: readonly string[];
  readonly startedAt: string;
}

/** What START pins: everything that reads and maps one user (A6). What folds a person is not pinned (D1). */
export function pin(source: PinSource): Pinned {
  const { run, integration, manifest, credential } = source;
  const isSaas = integration.content === 'user-and-saas-user';
  return {
    scope: run.scope,
    connector: integration.connector,
    connectorVersion: manifest.version,
    mappingVersion: source.mappingVersion,
    app: isSaas ? source.app : null,
    content: integration.content,
    preference: integration.preference,
    deactivate: deactivates(integration),
    credential: credential._id,
    credentialName: credential.name,
    secretVersion: source.secretVersion,
    mappedProperties: [...source.mappedProperties],
    ownUsers: [...source.ownUsers],
    initial: run.initial,
    approvedPlan: run.approvedPlan,
    appliedPlan: run.applies,
    startedAt: source.startedAt,
  };
}
