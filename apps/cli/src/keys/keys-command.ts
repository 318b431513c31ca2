import { setTimeout as sleep } from 'node:timers/promises';

import type { EncryptionKeys, KeyVerification } from '@rollcall/contracts';
import { type Command, Option } from 'commander';

import { CliError } from '../cli-error.js';
import { askGateway, readGateway } from '../stack/gateway-request.js';
import { green, writeError, writeLine } from '../terminal/output.js';
import { faultLines, isOver, rotationLine, statusLines } from './key-lines.js';

const path = '/encryption-keys';
const lookEveryMs = 1_000;
const seeVault = 'See `./rollcall logs credential-vault`; the vault must run for this.';

export function registerKeys(program: Command): void {
  const keys = program.command('keys').description('the keys by which stored secrets are encrypted');
  keys.command('status').description('what is encrypted under which key, and how far a rotation is').action(status);
  const only = new Option('--only <kind>', 'replace the data key alone, or wrap the data keys anew and nothing else');
  keys
    .command('rotate')
    .description('replace the keys while everything goes on, and wait until all is encrypted again')
    .addOption(only.choices(['data-key', 'key-encryption-key']))
    .option('--no-wait', 'only begin; `keys status` says how far it is')
    .action(rotate);
  keys
    .command('verify')
    .description('decrypt everything that is stored, and name what does not open and where the use log does not hold')
    .action(verify);
}

async function status(): Promise<void> {
  for (const line of statusLines(await state())) writeLine(line);
}

async function rotate({ only, wait }: { only?: string; wait: boolean }): Promise<void> {
  const begun = complete(await askGateway<EncryptionKeys>(`${path}/rotate`, { what: only ?? 'all' }), 'rotated');
  const current = begun.dataKeys.find((key) => key.state === 'current')?.id;
  if (wait) await untilOver(current);
  for (const line of statusLines(wait ? await state() : begun)) writeLine(line);
}

async function untilOver(current: string | undefined): Promise<void> {
  let said = '';
  for (;;) {
    const keys = await state();
    const isTold = keys.dataKeys.some(({ id }) => id === current);
    if (isTold && isOver(keys)) return;
    const line = rotationLine(keys.rotation);
    if (isTold && line !== said) writeError(line);
    said = line;
    await sleep(lookEveryMs);
  }
}

async function verify(): Promise<void> {
  const found = complete(await askGateway<KeyVerification>(`${path}/verify`), 'verified');
  const { checked, dataKeys, useLog } = found;
  const faults = faultLines(found);
  for (const fault of faults) writeLine(fault);
  const unchained = useLog.unchained === 0 ? '' : ` (${useLog.unchained} older ones are not chained)`;
  const keys = dataKeys === 1 ? '1 data key' : `${dataKeys} data keys`;
  const looked = `${checked} secrets and tokens under ${keys}, ${useLog.entries} entries of the use log${unchained}`;
  if (faults.length > 0)
    throw new CliError(`Not everything fits. Looked at ${looked}.`, 'Do what the lines above say.');
  writeLine(`${green('✓')} Everything opens where it belongs:\n  ${looked}.`);
}

async function state(): Promise<EncryptionKeys> {
  return complete(await readGateway<EncryptionKeys>(path), 'read');
}

type Answer<Result> = Partial<Result> & { readonly status: number; readonly detail?: string };

function complete<Result extends { dataKeys: unknown }>(answer: Answer<Result>, done: string): Result {
  if (answer.dataKeys !== undefined) return answer as unknown as Result;
  throw new CliError(`The encryption keys were not ${done}: ${answer.detail ?? `status ${answer.status}`}`, seeVault);
}
