import type { CredentialDocument, IntegrationDocument } from '@rollcall/collections';
import { filledInputs, inputsOfLoad } from '@rollcall/connector-kit';
import {
  authSchemeFor,
  type Checklist,
  type ConnectorManifest,
  hasVisibleCharacter,
  knowsOwnUsers,
} from '@rollcall/contracts';

import { deactivates } from './deactivates.js';
import type { Gap } from './integrations.errors.js';

/** What a run of an integration needs of others. */
export interface Surroundings {
  readonly manifest: ConnectorManifest | null;
  readonly credential: CredentialDocument | null;
  /** Newest version of the mapping, null until mapping knows the integration. */
  readonly mappingVersion: number | null;
  /** Top-level properties of the vendor's record that it reads. */
  readonly mappedProperties: readonly string[];
  /** Labels of people fields that became required after the mapping was saved, which does not map them. */
  readonly unmappedRequired: readonly string[];
  /** Entry under Software > SaaS, null until mapping made it (R30), and always for users alone (R25). */
  readonly app: string | null;
}

/** Everything that is known to be there. */
export interface Ready {
  readonly manifest: ConnectorManifest;
  readonly credential: CredentialDocument;
  readonly mappingVersion: number;
  readonly mappedProperties: readonly string[];
  /** They stand in the way of a launch; a run goes on without them, and says so. */
  readonly unmappedRequired: readonly string[];
  /** Null for users alone. */
  readonly app: string | null;
}

/** Names each thing that is missing, so that a person need not guess (R85). */
export function gapsOf(integration: IntegrationDocument, around: Surroundings): Gap[] {
  const gaps: Gap[] = [];
  const { manifest } = around;
  if (manifest === null) {
    const message = `Its connector "${integration.connector}" is not installed. Install it, or use another one.`;
    gaps.push({ code: 'connector', message });
  }
  if (integration.installation === 'local') gaps.push(noAgent);
  else gaps.push(...credentialGaps(integration, around.credential));
  if (manifest !== null) gaps.push(...inputGaps(manifest, integration));
  if (around.mappingVersion === null || lacksApp(integration, around)) {
    const message = 'Its mapping is still being made. Wait a moment and try again; if it stays so, look at mapping.';
    gaps.push({ code: 'mapping', message });
  }
  return gaps;
}

function lacksApp({ content }: IntegrationDocument, { app }: Surroundings): boolean {
  return content === 'user-and-saas-user' && app === null;
}

/** Said at launch, because nothing would ever deliver records (R88). */
const noAgent: Gap = {
  code: 'installation',
  message: 'It is installed locally, and this version has no agent that would run it there. Choose Cloud.',
};

function inputGaps(manifest: ConnectorManifest, { load, inputs }: IntegrationDocument): Gap[] {
  const given = filledInputs(manifest, load, inputs);
  const empty = inputsOfLoad(manifest, load).filter(
    ({ name, required, secret }) => required && !secret && !hasVisibleCharacter(given[name] ?? ''),
  );
  return empty.map(({ label }) => ({ code: 'input', message: `Its input "${label}" is empty. Fill it in.` }));
}

/** The surroundings as they must be for a run, or null while there are gaps. */
export function readyOf(integration: IntegrationDocument, around: Surroundings): Ready | null {
  const { manifest, credential, mappingVersion, mappedProperties, unmappedRequired, app } = around;
  if (gapsOf(integration, around).length > 0) return null;
  if (manifest === null || credential === null || mappingVersion === null) return null;
  return { manifest, credential, mappingVersion, mappedProperties, unmappedRequired, app };
}

function credentialGaps(integration: IntegrationDocument, credential: CredentialDocument | null): Gap[] {
  if (integration.credential === null) {
    return [{ code: 'credential', message: 'It has no credential. Choose or create one.' }];
  }
  if (credential === null) {
    return [{ code: 'credential', message: 'Its credential was deleted. Choose or create another one.' }];
  }
  if (credential.connector === integration.connector) return [];
  const message = `Its credential "${credential.name}" belongs to another connector. Choose one of this connector.`;
  return [{ code: 'credential', message }];
}

/** What is asked at launch beside what a run needs: one that is active already goes on without it. */
export function launchGapsOf(integration: IntegrationDocument, around: Surroundings): Gap[] {
  const unmapped = around.unmappedRequired.map((label) => ({ code: 'mapping', message: unmappedText(label) }) as const);
  const gaps = [...gapsOf(integration, around), ...unmapped];
  if (!deactivates(integration) || isOwnUserKnown(around)) return gaps;
  return [...gaps, { code: 'own-users', message: askForOwnUsers(around, 'With Deactivate on this must be answered.') }];
}

/** Said at launch, and by every run of one that was launched before. */
export function unmappedText(label: string): string {
  return (
    `The people field ${label} is required, and the mapping, which was saved before it was, does not map it. Map it ` +
    '(PUT /integrations/<id>/mapping), or take the required mark off the field (PATCH /people-fields/<variable>).'
  );
}

/** Whether a change of an active integration needs the answer that its launch did not. */
export function asksForOwnUsers(integration: IntegrationDocument, around: Surroundings): string | null {
  const isAsked = integration.state === 'active' && deactivates(integration) && !isOwnUserKnown(around);
  return isAsked ? askForOwnUsers(around, 'With Deactivate on this must be answered.') : null;
}

/** Unknown of a credential that is not there: then that is the gap. */
function isOwnUserKnown({ manifest, credential }: Surroundings): boolean {
  if (manifest === null || credential === null) return true;
  const scheme = authSchemeFor(manifest, credential);
  return knowsOwnUsers(scheme, credential);
}

function askForOwnUsers({ manifest, credential }: Surroundings, why: string): string {
  return (
    `Nobody has stated which user of ${manifest?.name ?? 'the vendor'} the credential "${credential?.name ?? ''}" belongs to, so a ` +
    `run could deactivate it. ${why} Name it in the credential (PATCH /credentials/<id> with ownUsers), or say with an ` +
    'empty list that it is none of its users.'
  );
}

/** What the vendor last said of the credential. The launch asks again, so this stands in the way of nothing. */
function refusedCredential({ credential }: Surroundings): Gap[] {
  const attention = credential?.attention ?? null;
  if (attention === null) return [];
  const message =
    `The vendor refused its credential on ${attention.at}: ${attention.message} The launch tries it again; so does ` +
    'POST /credentials/<id>/test.';
  return [{ code: 'credential', message }];
}

const labels: Readonly<Record<Checklist['items'][number]['code'], string>> = {
  connector: 'The connector is installed',
  installation: 'It can run where it is installed',
  credential: 'A credential of its connector is chosen, and the vendor did not refuse it',
  'own-users': "The credential's own users are known",
  input: 'The inputs of its load are filled in',
  mapping: 'Username, Email, Role and a sync key are mapped',
};

/** The gaps under what they are gaps of, and what has none. */
export function checklistOf(integration: IntegrationDocument, around: Surroundings): Checklist {
  const gaps = [...launchGapsOf(integration, around), ...refusedCredential(around)];
  const hint =
    isOwnUserKnown(around) || deactivates(integration)
      ? []
      : [askForOwnUsers(around, 'Answer before you switch Deactivate on.')];
  const items = Object.entries(labels).map(([code, label]) => {
    const own = gaps.filter((gap) => gap.code === code).map(({ message }) => message);
    const hints = code === 'own-users' ? hint : [];
    return { code: code as keyof typeof labels, label, ok: own.length === 0, gaps: own, hints };
  });
  return { ready: gaps.length === 0, items };
}
