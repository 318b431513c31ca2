import { dirname, join, resolve } from 'node:path';

import { type ServiceName, serviceNames } from '@rollcall/contracts';
import { lastLine, runCommand } from '@rollcall/engines';
import { type Command } from 'commander';

import { CliError } from '../cli-error.js';
import { readSettings } from '../settings/settings.js';
import { ensureApiKey } from '../stack/api-key.js';
import { ensureKeys } from '../stack/keys.js';
import { readableLogLine } from '../stack/log-lines.js';
import { writeHashFile, writeServiceKeys } from '../stack/service-keys.js';
import { environmentName, namespaceOf, stackEnvironment, type StackFacts } from '../stack/stack-environment.js';
import { mainFileOf, stackPaths } from '../stack/stack-paths.js';
import { upgradeDatabases } from '../stack/upgrade-databases.js';
import { green, writeError, writeLine } from '../terminal/output.js';

/** For installations that are not started by `up`, containers for one (G2): set-up without starting anything. */
export function registerProvision(program: Command): void {
  program
    .command('provision')
    .description(
      'make missing keys, topics and indexes on the engines in KAFKA_BROKERS and MONGODB_URI, bring databases of ' +
        'earlier versions up to date, then end',
    )
    .option('--dry-run', 'only say which databases would be changed, and change nothing', false)
    .action(provision);
}

async function provision({ dryRun }: { dryRun: boolean }): Promise<void> {
  const { root, directory } = stackPaths();
  const { env } = readSettings(directory);
  const upgrade = { mongodbUri: given(env, 'MONGODB_URI'), namespace: namespaceOf(env), log: writeError };
  if (dryRun) {
    const count = await upgradeDatabases({ ...upgrade, dryRun });
    writeLine(count === 0 ? 'All databases are of this version, or new.' : 'Nothing was changed.');
    return;
  }
  const facts = await readFacts(env);
  await upgradeDatabases(upgrade);
  for (const service of serviceNames) {
    writeError(`Setting up ${service} …`);
    await provisionService(service, root, facts, env);
  }
  writeLine(`${green('✓')} Keys in ${facts.keysDirectory}, topics and indexes are there.`);
}

async function readFacts(env: NodeJS.ProcessEnv): Promise<StackFacts> {
  const paths = stackPaths();
  const keysDirectory = resolve(env.ROLLCALL_KEYS_DIR || paths.keys);
  const kekFile = resolve(env.ROLLCALL_KEK_FILE || join(keysDirectory, 'kek'));
  await ensureKeys({ keys: keysDirectory, kek: kekFile });
  const apiKeyHash = ensureApiKey(join(dirname(kekFile), 'api-key'), environmentName).hash;
  writeHashFile(dirname(kekFile), apiKeyHash);
  const serviceKeys = process.env.ROLLCALL_SERVICE_KEYS_DIR;
  if (serviceKeys) writeServiceKeys(resolve(serviceKeys), { keysDirectory, kekFile, apiKeyHash });
  return {
    kafkaBrokers: given(env, 'KAFKA_BROKERS'),
    mongodbUri: given(env, 'MONGODB_URI'),
    keysDirectory,
    kekFile,
    apiKeyHash,
  };
}

function given(env: NodeJS.ProcessEnv, name: 'KAFKA_BROKERS' | 'MONGODB_URI'): string {
  const value = env[name];
  if (value) return value;
  throw new CliError(
    `${name} is not set.`,
    'Set KAFKA_BROKERS and MONGODB_URI, or use `./rollcall up` on one machine.',
  );
}

async function provisionService(
  service: ServiceName,
  root: string,
  facts: StackFacts,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const own = { ...stackEnvironment(service, facts, env), PORT: '0' };
  const result = await runCommand(process.execPath, [mainFileOf(root, service), '--provision'], own);
  if (result.exitCode === 0) return;
  throw new CliError(
    `${service} could not be set up: ${readableLogLine(lastLine(result.output))}`,
    'Mend what the line says and run the command again; it leaves alone what exists.',
  );
}
