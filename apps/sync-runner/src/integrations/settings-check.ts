import type { AppDocument, CredentialDocument, IntegrationDocument } from '@rollcall/collections';
import { type Connector, filledInputs, inputsOfLoad } from '@rollcall/connector-kit';
import type { ConnectorManifest } from '@rollcall/contracts';

import {
  appNotFound,
  appNotLinked,
  appOfAnother,
  contradiction,
  credentialNotUsable,
  installationNotAllowed,
  invalidInputs,
  unknownLoad,
} from './integrations.errors.js';

/** The load to use: the named one, else the connector's first. @throws IntegrationError unknown-load */
export function chooseLoad(manifest: ConnectorManifest, wanted: string | null): string {
  const known = manifest.loads.map((load) => load.id);
  const load = wanted ?? known[0] ?? '';
  if (!known.includes(load)) throw unknownLoad(load, known);
  return load;
}

/** The connector's first load that asks for these inputs; its first one when there is none. */
export function loadWithInputs(manifest: ConnectorManifest, inputs: IntegrationDocument['inputs']): string | null {
  const names = Object.keys(inputs);
  const fits = (load: string): boolean => {
    const asked = inputsOfLoad(manifest, load).map(({ name }) => name);
    return names.every((name) => asked.includes(name));
  };
  return manifest.loads.find(({ id }) => fits(id))?.id ?? null;
}

/**
 * Inputs must be those of the load, and what the connector itself can judge must be right; secret ones live in the vault
 * only (R23). @throws IntegrationError invalid-inputs
 */
export function checkInputs(
  connector: Connector,
  { load, inputs }: Pick<IntegrationDocument, 'load' | 'inputs'>,
): void {
  const { manifest } = connector;
  const asked = inputsOfLoad(manifest, load);
  const strangers = Object.keys(inputs).flatMap((name) => {
    const input = asked.find((candidate) => candidate.name === name);
    if (input === undefined) return [unknownInput(manifest, load, name)];
    return input.secret ? [`"${input.label}" is a secret and belongs into the credential`] : [];
  });
  const wrong = connector.inputProblems?.(load, filledInputs(manifest, load, inputs)) ?? [];
  if (strangers.length + wrong.length > 0) throw invalidInputs([...strangers, ...wrong]);
}

function unknownInput(manifest: ConnectorManifest, load: string, name: string): string {
  const elsewhere = manifest.inputs.find((candidate) => candidate.name === name);
  if (elsewhere === undefined) return `${manifest.name} has no input "${name}"`;
  const loads = manifest.loads.filter(({ id }) => elsewhere.loads?.includes(id)).map(({ label }) => `"${label}"`);
  return `"${elsewhere.label}" belongs to the load ${loads.join(' or ')} and not to "${load}"`;
}

/**
 * Local installation is for vendors whose sign-in needs no vault (R35), and keeps its secrets where it runs (R36).
 * @throws IntegrationError installation-not-allowed
 */
export function checkInstallation(
  manifest: ConnectorManifest,
  { installation, credential }: Pick<IntegrationDocument, 'installation' | 'credential'>,
): void {
  if (!manifest.installationTypes.includes(installation)) {
    throw installationNotAllowed(
      `${manifest.name} cannot be installed ${installation === 'local' ? 'locally' : 'in the cloud'}: its sign-in uses OAuth, whose tokens only the vault can get. Choose Cloud.`,
    );
  }
  if (installation === 'local' && credential !== null) {
    throw installationNotAllowed(
      'A local integration keeps its secrets where it runs, so it takes no credential of the vault. Leave the credential out, or choose Cloud.',
    );
  }
}

/** @throws IntegrationError credential-not-usable */
export function checkCredential(manifest: ConnectorManifest, credential: CredentialDocument | null): void {
  if (credential === null) throw credentialNotUsable('There is no such credential.');
  if (credential.connector !== manifest.id) {
    throw credentialNotUsable(`Credential "${credential.name}" belongs to another connector than ${manifest.name}.`);
  }
}

/** Only entries that are linked to the catalogue, and to this vendor, can be chosen (R29). @throws IntegrationError */
export function checkApp(manifest: ConnectorManifest, id: string, app: AppDocument | null): void {
  if (app === null) throw appNotFound(id);
  if (app.connector === null) throw appNotLinked(app.name);
  if (app.connector !== manifest.id) throw appOfAnother(app.name, manifest.name);
}

type Switches = Pick<IntegrationDocument, 'deactivate' | 'preference' | 'content'>;

/**
 * Switches that would do nothing, so that nobody believes that leavers are deactivated when they are not. What was
 * saved before this was checked does not stand in the way of other edits.
 * @param before the integration as it is stored; null for a new one
 * @throws IntegrationError settings-contradict
 */
export function checkSwitches(wanted: Switches, before: Switches | null): void {
  const why = contradictionOf(wanted);
  if (why !== null && (before === null || contradictionOf(before) !== why)) throw contradiction(why);
}

function contradictionOf({ deactivate, preference, content }: Switches): string | null {
  if (!deactivate.enabled) return null;
  if (preference === 'create-only') {
    return (
      'Deactivate has no effect with the preference Create only, which never changes a record that exists. Choose Create ' +
      'and Update or Update only, or switch Deactivate off.'
    );
  }
  if (content === 'user') {
    return (
      'Deactivate belongs to the content "User plus SaaS user": with "User only" there is no SaaS user to deactivate. ' +
      'Choose the other content, or switch Deactivate off.'
    );
  }
  return null;
}
