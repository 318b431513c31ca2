import { AppError } from '@rollcall/contracts';

export type IntegrationErrorCode =
  | 'id-taken'
  | 'unknown-connector'
  | 'unknown-load'
  | 'invalid-inputs'
  | 'name-taken'
  | 'credential-not-usable'
  | 'integration-not-found'
  | 'integration-not-ready'
  | 'integration-not-active'
  | 'installation-not-allowed'
  | 'inputs-refused-by-vendor'
  | 'app-not-found'
  | 'app-not-linked'
  | 'app-of-another-connector'
  | 'settings-contradict'
  | 'credential-refused-by-vendor'
  | 'integration-running';

export class IntegrationError extends AppError<IntegrationErrorCode> {}

export const idTaken = (id: string): IntegrationError =>
  new IntegrationError('id-taken', `The id ${id} belongs to another integration. Create it again without an id.`);

export const unknownConnector = (connector: string): IntegrationError =>
  new IntegrationError('unknown-connector', `There is no connector "${connector}". Choose one from the catalogue.`);

export const unknownLoad = (load: string, known: readonly string[]): IntegrationError =>
  new IntegrationError('unknown-load', `The connector has no load "${load}". Choose one of: ${known.join(', ')}.`);

export const invalidInputs = (problems: readonly string[]): IntegrationError =>
  new IntegrationError('invalid-inputs', `The inputs cannot be used: ${problems.join('; ')}. Correct them and save.`, {
    details: { problems },
  });

export const installationNotAllowed = (why: string): IntegrationError =>
  new IntegrationError('installation-not-allowed', why);

export const inputsRefused = (why: string): IntegrationError =>
  new IntegrationError('inputs-refused-by-vendor', `The inputs were tried at the vendor and refused. ${why}`);

export const credentialRefused = (why: string): IntegrationError =>
  new IntegrationError(
    'credential-refused-by-vendor',
    `The credential was tried at the vendor and did not work, so nothing was changed. ${why}`,
  );

export const appNotFound = (app: string): IntegrationError =>
  new IntegrationError(
    'app-not-found',
    `There is no entry "${app}" under Software > SaaS. Choose one of /saas-apps, or leave it out: the vendor's own makes itself.`,
  );

export const appNotLinked = (name: string): IntegrationError =>
  new IntegrationError(
    'app-not-linked',
    `"${name}" is not linked to an application of the catalogue yet. Link it (POST /saas-apps/<id>/link), then choose it.`,
  );

export const appOfAnother = (name: string, connector: string): IntegrationError =>
  new IntegrationError(
    'app-of-another-connector',
    `"${name}" is an application of another vendor than ${connector}, so its users would be shown in the wrong place. Choose an entry that is linked to ${connector}, or leave it out.`,
  );

export const contradiction = (why: string): IntegrationError => new IntegrationError('settings-contradict', why);

export const stillRunning = (name: string, run: string): IntegrationError =>
  new IntegrationError(
    'integration-running',
    `"${name}" was not deleted, because its run ${run} is still open. Wait until it has ended, or cancel it.`,
  );

export const nameTaken = (name: string): IntegrationError =>
  new IntegrationError('name-taken', `Another integration is called "${name}". Choose another name.`);

export const credentialNotUsable = (why: string): IntegrationError =>
  new IntegrationError('credential-not-usable', `${why} Choose a credential of this connector, or create one.`);

export const integrationNotFound = (id: string): IntegrationError =>
  new IntegrationError('integration-not-found', `There is no integration ${id}. Choose one from the list.`, {
    details: { id },
  });

export const notReady = (name: string, gaps: readonly Gap[]): IntegrationError =>
  new IntegrationError(
    'integration-not-ready',
    `"${name}" cannot run yet. ${gaps.map((gap) => gap.message).join(' ')}`,
    { details: { gaps } },
  );

export const notActive = (name: string, state: string): IntegrationError =>
  new IntegrationError('integration-not-active', `"${name}" is not active but ${state}, so there is nothing to pause.`);

/** One thing that an integration lacks before it can run (R85). */
export interface Gap {
  readonly code: 'connector' | 'credential' | 'own-users' | 'input' | 'installation' | 'mapping';
  readonly message: string;
}
