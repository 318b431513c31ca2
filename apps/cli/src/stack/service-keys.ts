import { chmodSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { type ServiceName, serviceNames } from '@rollcall/contracts';
import { keyFiles } from '@rollcall/secrets';

import { type StackFacts } from './stack-environment.js';

/** Where the gateway finds the hash of the first API key, beside its other keys. */
export const hashFileName = 'api-key.sha256';

/** The hash of the first API key as a file, which the gateway reads where nobody can set a variable before it exists. */
export function writeHashFile(directory: string, hash: string): void {
  replaceFile(join(directory, hashFileName), `${hash}\n`, 0o600);
}

/**
 * A folder for each service below `target`, with the private keys of this service alone: so that a service which is broken
 * into can neither sign as another one nor open what only the vault may. Written anew each time, in case a key changed.
 */
export function writeServiceKeys(
  target: string,
  facts: Pick<StackFacts, 'keysDirectory' | 'kekFile' | 'apiKeyHash'>,
): void {
  for (const service of serviceNames) {
    const folder = join(target, service);
    mkdirSync(join(folder, 'public'), { recursive: true, mode: 0o700 });
    chmodSync(folder, 0o700);
    for (const file of privateFilesOf(service, facts)) copy(file, folder, 0o600);
    const publicKeys = keyFiles.publicDirectory(facts.keysDirectory);
    for (const name of readdirSync(publicKeys)) copy(join(publicKeys, name), keyFiles.publicDirectory(folder), 0o644);
  }
  writeHashFile(join(target, 'gateway'), facts.apiKeyHash);
}

function privateFilesOf(
  service: ServiceName,
  { keysDirectory, kekFile }: Pick<StackFacts, 'keysDirectory' | 'kekFile'>,
): string[] {
  const everybodys = [keyFiles.signingKey(keysDirectory, service), keyFiles.digestKey(keysDirectory)];
  if (service === 'notifier') return [...everybodys, keyFiles.sealKey(keysDirectory, 'mail')];
  return service === 'credential-vault' ? [...everybodys, keyFiles.sealKey(keysDirectory), kekFile] : everybodys;
}

const copy = (file: string, folder: string, mode: number): void =>
  replaceFile(join(folder, basename(file)), readFileSync(file, 'utf8'), mode);

/** Whoever reads meanwhile sees the old content or the new one. */
function replaceFile(path: string, content: string, mode: number): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(`${path}.new`, content, { mode });
  renameSync(`${path}.new`, path);
}
