import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { type ServiceName, serviceNames } from '@rollcall/contracts';

import { CliError } from '../cli-error.js';
import { serviceSettings } from '../settings/service-settings.js';
import { type Settings, settingsGuide } from '../settings/settings.js';
import { stackEnvironment, type StackFacts, type StackOverrides } from './stack-environment.js';

interface ConfigModule {
  readonly readConfig: (environment: Record<string, string | undefined>) => unknown;
}

/** Stand in for what is only known once engines and keys are there. */
const laterFacts: StackFacts = {
  kafkaBrokers: '127.0.0.1:9092',
  mongodbUri: 'mongodb://127.0.0.1:27017',
  keysDirectory: 'keys',
  kekFile: 'keys/kek',
  apiKeyHash: '0'.repeat(64),
};

/**
 * Asks every service, by the code that it starts with, whether it would take these settings.
 * @throws CliError that names the first wrong one and where it stands
 */
export async function checkSettings(settings: Settings, root: string, overrides: StackOverrides = {}): Promise<void> {
  for (const service of serviceNames) {
    const { readConfig } = await configOf(root, service);
    const facts = {
      ...laterFacts,
      kafkaBrokers: settings.env['KAFKA_BROKERS'] || laterFacts.kafkaBrokers,
      mongodbUri: settings.env['MONGODB_URI'] || laterFacts.mongodbUri,
    };
    const environment = { ...stackEnvironment(service, facts, settings.env, overrides), PORT: '0' };
    const fault = faultOf(() => readConfig(environment));
    if (fault !== null) throw wrong(fault, settings);
  }
}

function configOf(root: string, service: ServiceName): Promise<ConfigModule> {
  const path = join(root, 'apps', service, 'dist', 'config.js');
  if (!existsSync(path)) throw new CliError(`${service} is not built: ${path} is missing.`, 'Run `npm run build`.');
  return import(pathToFileURL(path).href) as Promise<ConfigModule>;
}

/** First line of what is wrong; it never holds a value. */
function faultOf(read: () => unknown): string | null {
  try {
    read();
    return null;
  } catch (error) {
    return (error instanceof Error ? error.message : String(error)).split('\n')[0]!;
  }
}

/** @param fault as a service says it: the name of the setting first */
export function wrong(fault: string, { sources, path }: Pick<Settings, 'sources' | 'path'>): CliError {
  // One that nobody set may be at odds with one that somebody did.
  const named = [...fault.matchAll(/[A-Z][A-Z0-9_]+/g)].map(([name]) => name);
  const name = named.find((one) => sources.has(one)) ?? named[0] ?? '';
  const source = sources.get(name);
  const sentence = sentenceOf(fault, named[0] ?? '');
  const help = `${settingsGuide} says what values it takes. Nothing was started.`;
  if (source?.kind === 'file') {
    return new CliError(`${path} line ${source.line}: ${sentence}`, `Correct this line; ${help}`);
  }
  return new CliError(`In the environment: ${sentence}`, `Correct or unset it; ${help}`);
}

/** What a schema says of types and limits is for programmers; the table of settings says it in words. */
function sentenceOf(fault: string, name: string): string {
  const setting = serviceSettings.find((one) => one.name === name);
  const isOfSchema = /: (Invalid|Too (small|big))/.test(fault);
  if (setting && setting.values !== 'text' && isOfSchema)
    return `${name} is wrong: it must be ${articleOf(setting.values)}.`;
  return fault.endsWith('.') ? fault : `${fault}.`;
}

const articleOf = (values: string): string => (values.startsWith('`') ? `one of ${values}` : `a ${values}`);
