import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  type CredentialDocument,
  credentials,
  type IntegrationDocument,
  integrations,
  notices,
} from '@rollcall/collections';

import { EndingCredentialsService } from '../src/credentials/ending-credentials.service.js';
import { Installation, until } from './installation.js';

jest.setTimeout(90_000);

const day = 24 * 60 * 60_000;

describe('a credential that ends', () => {
  let installation: Installation;

  beforeAll(async () => {
    installation = await Installation.create();
  });
  afterAll(async () => {
    await installation.close();
  });

  const add = async (name: string, expiresInMs: number, owner: CredentialDocument['owner'] = null) => {
    const id = randomUUID();
    const now = installation.clock.now().getTime();
    const at = new Date(now).toISOString();
    const { databases } = await installation.as('gateway');
    await databases.collection(credentials).insertOne({
      _id: id,
      version: 1,
      name,
      connector: 'example-vendor',
      type: 'api-key',
      baseUrl: 'https://vendor.example.com',
      secretFields: ['key'],
      secretVersion: 1,
      attention: null,
      owner,
      expiresAt: new Date(now + expiresInMs).toISOString(),
      createdAt: at,
      updatedAt: at,
    });
    return id;
  };
  const use = async (credential: string, name: string, email: string) => {
    const { databases } = await installation.as('gateway');
    const integration = { _id: randomUUID(), name, credential, contacts: [{ name, email }] };
    await databases.collection(integrations).insertOne(integration as unknown as IntegrationDocument);
  };
  const toldOf = async (credential: string) => {
    const { databases } = await installation.as('gateway');
    const found = await databases
      .collection(notices)
      .find({ incident: { $regex: `^credential-ends/${credential}/` } })
      .sort({ 'contact.email': 1 })
      .toArray();
    return found.map(({ kind, contact, title, text }) => ({ kind, to: contact.email, title, text }));
  };

  it('is told of to whoever looks after it and to the contacts of its integrations, once per stage', async () => {
    const owner = { name: 'Ada Example', email: `ada-${randomUUID()}@example.com` };
    const bo = `bo-${randomUUID()}@example.com`;
    const ending = await add('Directory key', 6 * day, owner);
    await use(ending, 'People', bo);
    await use(ending, 'Laptops', owner.email);
    const far = await add('Another key', 40 * day, owner);
    await installation.start();
    const told = (await until(async () => {
      const found = await toldOf(ending);
      return found.length >= 2 ? found : null;
    }))!;
    expect(told.map(({ kind, to }) => [kind, to])).toEqual([
      ['credential-expiring', owner.email],
      ['credential-expiring', bo],
    ]);
    expect(told[0]).toMatchObject({
      title: expect.stringMatching(/^Credential Directory key ends on \d{4}-\d\d-\d\d$/),
      text: expect.stringMatching(/Laptops, People stop then\.[^]*Credential: Directory key/),
    });
    await until(() => installation.smtp.mails.some(({ to }) => to.includes(bo)));
    // Another replica, and both look again: it stays at one notice each, until the next stage.
    await installation.start();
    const look = () => Promise.all(installation.each(EndingCredentialsService).map((service) => service.tellDue()));
    await look();
    expect(await toldOf(ending)).toHaveLength(2);
    installation.clock.advance(5 * day);
    await look();
    expect(await toldOf(ending)).toHaveLength(4);
    expect(await toldOf(far)).toEqual([]);
  });

  it('is told of to all operators where nobody is named, also when it has ended already', async () => {
    const ended = await add('Old key', -3 * day);
    await installation.stop();
    await installation.start();
    const told = (await until(async () => {
      const found = await toldOf(ended);
      return found.length > 0 ? found : null;
    }))!;
    expect(told).toEqual([
      expect.objectContaining({
        kind: 'credential-expired',
        to: '',
        title: 'Credential Old key has ended',
        text: expect.stringContaining('No integration uses it.'),
      }),
    ]);
  });
});
