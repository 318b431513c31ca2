import { describe, expect, it } from '@jest/globals';
import { serviceNames } from '@rollcall/contracts';

import { preferredPorts, stackEnvironment } from './stack-environment.js';

const facts = {
  kafkaBrokers: '127.0.0.1:29092',
  mongodbUri: 'mongodb://127.0.0.1:27027/?replicaSet=rollcall',
  keysDirectory: '/keys',
  kekFile: '/keys/kek',
  apiKeyHash: 'a'.repeat(64),
};

describe('the environment of a service', () => {
  it.each(serviceNames)('tells %s where engines and keys are', (service) => {
    expect(stackEnvironment(service, facts, {})).toMatchObject({
      KAFKA_BROKERS: facts.kafkaBrokers,
      MONGODB_URI: facts.mongodbUri,
      ROLLCALL_KEYS_DIR: '/keys',
      HOST: '127.0.0.1',
    });
  });

  it('gives the key-encryption key to the vault and the hash of the API key to the gateway, and to nobody else', () => {
    const having = (name: string) => serviceNames.filter((service) => name in stackEnvironment(service, facts, {}));
    expect(having('ROLLCALL_KEK_FILE')).toEqual(['credential-vault']);
    expect(having('ROLLCALL_BOOTSTRAP_API_KEY_HASH')).toEqual(['gateway']);
  });

  it('takes over named settings of the person and nothing else', () => {
    const person = { UNDO_WINDOW_MS: '5000', CLOUD_TOKEN: 'example-token', PATH: '/bin', LOG_LEVEL: '' };
    const workflow = stackEnvironment('workflow', facts, person);
    expect(workflow).toMatchObject({ UNDO_WINDOW_MS: '5000', PATH: '/bin' });
    expect(workflow).not.toHaveProperty('CLOUD_TOKEN');
    expect(workflow).not.toHaveProperty('LOG_LEVEL');
    expect(stackEnvironment('mapping', facts, person)).not.toHaveProperty('UNDO_WINDOW_MS');
  });

  it('gives the factor of the rate budget to every service that calls vendors', () => {
    const person = { RATE_BUDGET_FACTOR: '0.5' };
    const having = serviceNames.filter((service) => 'RATE_BUDGET_FACTOR' in stackEnvironment(service, facts, person));
    expect(having).toEqual(['sync-runner', 'workflow']);
  });

  it('lets the person redirect mail, and overrides win over them', () => {
    const person = { SMTP_URL: 'smtp://mail.example:25' };
    expect(stackEnvironment('notifier', facts, person).SMTP_URL).toBe('smtp://mail.example:25');
    const overrides = { notifier: { SMTP_URL: 'smtp://127.0.0.1:2525' } };
    expect(stackEnvironment('notifier', facts, person, overrides).SMTP_URL).toBe('smtp://127.0.0.1:2525');
  });

  it('wishes for a port of its own for every service', () => {
    expect(new Set(Object.values(preferredPorts)).size).toBe(serviceNames.length);
  });
});
