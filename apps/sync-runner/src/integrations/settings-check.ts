import type { CredentialDocument } from '@rollcall/collections';
import type { ConnectorManifest } from '@rollcall/contracts';

import { credentialNotUsable, invalidInputs, unknownLoad } from './integrations.errors.js';

/** The load to use: the named one, else the connector's first. @throws IntegrationError unknown-load */
export function chooseLoad(manifest: ConnectorManifest, wanted: string | null): string {
  const known = manifest.loads.map((load) => load.id);
  const load = wanted ?? known[0] ?? '';
  if (!known.includes(load)) throw unknownLoad(load, known);
  return load;
}

/** Inputs must be those of the connector; secret ones live in the vault only (R23). @throws IntegrationError invalid-inputs */
export function checkInputs(manifest: ConnectorManifest, inputs: Readonly<Record<string, string>>): void {
  const problems = Object.keys(inputs).flatMap((name) => {
    const input = manifest.inputs.find((candidate) => candidate.name === name);
    if (input === undefined) return [`${manifest.name} has no input "${name}"`];
    return input.secret ? [`"${input.label}" is a secret and belongs into the credential`] : [];
  });
  if (problems.length > 0) throw invalidInputs(problems);
}

/** @throws IntegrationError credential-not-usable */
export function checkCredential(manifest: ConnectorManifest, credential: CredentialDocument | null): void {
  if (credential === null) throw credentialNotUsable('There is no such credential.');
  if (credential.connector !== manifest.id) {
    throw credentialNotUsable(`Credential "${credential.name}" belongs to another connector than ${manifest.name}.`);
  }
}
