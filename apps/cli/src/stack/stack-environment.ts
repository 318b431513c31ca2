import { type ServiceName } from '@rollcall/contracts';

import { decidedByUp } from '../settings/own-settings.js';
import { serviceSettings } from '../settings/service-settings.js';

/**
 * The environment of every service that this command starts, all in this file. What a person may decide is listed by
 * name and taken over when set; nothing else of their environment reaches a service, so that no secret of it does.
 */

/** Ports are wishes: the next free one is taken instead. */
export const preferredPorts: Readonly<Record<ServiceName, number>> = {
  gateway: 3_000,
  'credential-vault': 3_001,
  'sync-runner': 3_002,
  mapping: 3_003,
  workflow: 3_004,
  notifier: 3_005,
};

/** Part of the first API key's text, and what the gateway puts into keys that it makes. */
export const environmentName = 'local';

/** The prefix of databases and topics that the services take from the same environment. */
export const namespaceOf = (person: NodeJS.ProcessEnv): string => person['ROLLCALL_NAMESPACE'] || 'rollcall';

const forEveryProcess = [
  ...['PATH', 'HOME', 'TZ', 'LANG', 'LC_ALL', 'TMPDIR', 'NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE'],
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy'],
];

/** What a person may set for this service. */
const settingsOf = (service: ServiceName): string[] =>
  serviceSettings
    .filter(({ name, services }) => services.includes(service) && !decidedByUp.has(name))
    .map(({ name }) => name);

export interface StackFacts {
  kafkaBrokers: string;
  mongodbUri: string;
  keysDirectory: string;
  kekFile: string;
  /** SHA-256 of the first API key as hex (G3). */
  apiKeyHash: string;
}

/** Settings by service, stronger than those of the person: how the demo shortens the undo window, for one. */
export type StackOverrides = Readonly<Partial<Record<ServiceName, Readonly<Record<string, string>>>>>;

export function stackEnvironment(
  service: ServiceName,
  facts: StackFacts,
  person: NodeJS.ProcessEnv,
  overrides: StackOverrides = {},
): Record<string, string> {
  return {
    KAFKAJS_NO_PARTITIONER_WARNING: '1',
    ...fallbacks[service]?.(facts),
    ...chosen(person, [...forEveryProcess, ...settingsOf(service)]),
    KAFKA_BROKERS: facts.kafkaBrokers,
    MONGODB_URI: facts.mongodbUri,
    ROLLCALL_KEYS_DIR: facts.keysDirectory,
    HOST: '127.0.0.1',
    ...overrides[service],
  };
}

const fallbacks: Readonly<Partial<Record<ServiceName, (facts: StackFacts) => Record<string, string>>>> = {
  gateway: ({ apiKeyHash }) => ({
    ROLLCALL_BOOTSTRAP_API_KEY_HASH: apiKeyHash,
    ROLLCALL_ENVIRONMENT: environmentName,
  }),
  'credential-vault': ({ kekFile }) => ({ ROLLCALL_KEK_FILE: kekFile }),
  // Where mail catchers for development usually listen. Mails wait up to six hours for a server.
  notifier: () => ({ SMTP_URL: 'smtp://127.0.0.1:1025', MAIL_FROM: 'Rollcall <rollcall@localhost.example>' }),
};

/** What other programs that this command starts need of the person's environment. */
export const plainEnvironment = (person: NodeJS.ProcessEnv): Record<string, string> => chosen(person, forEveryProcess);

function chosen(person: NodeJS.ProcessEnv, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (person[name] ? [[name, person[name]]] : [])));
}
