import { describe, expect, it, jest } from '@jest/globals';

import { allowedAddresses, isPinned } from './pinned-connection.js';

describe('allowedAddresses', () => {
  const internal = [
    '10.0.0.5',
    '169.254.169.254',
    '192.168.0.9',
    '127.0.0.1',
    '::1',
    'fd00:ec2::254',
    '::ffff:10.0.0.1',
  ];

  it.each(internal)('refuses a name that resolves to %s (P27)', async (address) => {
    await expect(allowedAddresses('api.vendor.example', async () => [address], false)).rejects.toMatchObject({
      code: 'blocked-address',
    });
  });

  it.each(internal)('refuses a name with a public answer and %s', async (address) => {
    const resolver = async () => ['8.8.8.8', address];
    await expect(allowedAddresses('api.vendor.example', resolver, false)).rejects.toMatchObject({
      code: 'blocked-address',
    });
  });

  it('refuses a private literal without asking for names, with the same words for every address', async () => {
    const resolver = jest.fn(async () => ['8.8.8.8']);
    for (const literal of ['10.0.0.1', '[fd00::1]', '[::ffff:169.254.169.254]', '169.254.169.254']) {
      await expect(allowedAddresses(literal, resolver, true)).rejects.toMatchObject({
        code: 'blocked-address',
        message: `${literal} leads to an address that is not public, so nothing was sent. Use the public name of the service.`,
      });
    }
    expect(resolver).not.toHaveBeenCalled();
  });

  it('opens loopback by the switch, and no other private range', async () => {
    expect(await allowedAddresses('localhost', async () => ['::1', '127.0.0.1'], true)).toEqual(['::1', '127.0.0.1']);
    await expect(allowedAddresses('localhost', async () => ['127.0.0.1', '10.0.0.1'], true)).rejects.toMatchObject({
      code: 'blocked-address',
    });
  });

  it('resolves once per connection, so that a second answer cannot lead elsewhere', async () => {
    const answers = [['8.8.8.8'], ['127.0.0.1']];
    const resolver = jest.fn(async () => answers.shift() ?? []);
    expect(await allowedAddresses('api.vendor.example', resolver, false)).toEqual(['8.8.8.8']);
    expect(resolver).toHaveBeenCalledTimes(1);
  });

  it('names a host without address', async () => {
    const failing = async () => {
      throw Object.assign(new Error('queryA ENOTFOUND'), { code: 'ENOTFOUND' });
    };
    await expect(allowedAddresses('gone.vendor.example', failing, false)).rejects.toMatchObject({
      code: 'unreachable',
    });
    await expect(allowedAddresses('gone.vendor.example', async () => [], false)).rejects.toMatchObject({
      code: 'unreachable',
    });
  });
});

describe('isPinned', () => {
  it('compares addresses, not spellings', () => {
    expect(isPinned('::ffff:8.8.8.8', ['8.8.8.8'])).toBe(true);
    expect(isPinned('8.8.4.4', ['8.8.8.8'])).toBe(false);
    expect(isPinned(undefined, ['8.8.8.8'])).toBe(false);
  });
});
