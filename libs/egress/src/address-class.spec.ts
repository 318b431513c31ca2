import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { canonicalAddress, classifyAddress } from './address-class.js';

describe('classifyAddress', () => {
  const refused = [
    '0.0.0.0',
    '0.1.2.3',
    '10.0.0.1',
    '10.255.255.255',
    '100.64.0.1',
    '100.100.100.200',
    '100.127.255.255',
    '168.63.129.16',
    '169.254.169.254',
    '169.254.170.2',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.192',
    '192.0.2.1',
    '192.88.99.1',
    '192.168.1.1',
    '198.18.0.1',
    '198.19.255.255',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '239.255.255.255',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '[::]',
    '::7f00:1',
    '::ffff:10.0.0.1',
    '::ffff:a9fe:a9fe',
    '64:ff9b::7f00:1',
    '64:ff9b::10.0.0.1',
    '64:ff9b:1::1',
    '64:ff9b:1:a00::1',
    '100::1',
    '2001::1',
    '2001:0:4136:e378:8000:63bf:3fff:fdd2',
    '2001:10::1',
    '2001:20::1',
    '2001:db8::1',
    '2002:7f00:1::',
    '2002:808:808::1',
    '3fff::1',
    '5f00::1',
    'fc00::1',
    'fd00:ec2::254',
    'fdff:ffff::1',
    'fe80::1',
    'fe80::1%eth0',
    '2606:4700::1%eth0',
    'febf::1',
    'fec0::1',
    'ff02::1',
    '',
    'example.test',
    '1.2.3',
    '01.2.3.4',
    '2130706433',
    '0x7f.1',
  ];
  it.each(refused)('refuses %s (P27)', (address) => {
    expect(classifyAddress(address)).toBe('refused');
  });

  const loopback = [
    '127.0.0.1',
    '127.255.255.254',
    '::1',
    '[::1]',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '0:0:0:0:0:0:0:1',
  ];
  it.each(loopback)('tells %s as loopback', (address) => {
    expect(classifyAddress(address)).toBe('loopback');
  });

  const open = [
    '1.1.1.1',
    '8.8.8.8',
    '9.255.255.255',
    '11.0.0.1',
    '100.63.255.255',
    '100.128.0.1',
    '172.15.255.255',
    '172.32.0.1',
    '192.167.255.255',
    '198.17.255.255',
    '198.20.0.1',
    '223.255.255.255',
    '2606:4700:4700::1111',
    '[2a00:1450:4001:81b::200e]',
    '2001:4860:4860::8888',
    '2001:200::1',
    '::ffff:8.8.8.8',
    '64:ff9b::808:808',
  ];
  it.each(open)('lets %s through', (address) => {
    expect(classifyAddress(address)).toBe('public');
  });

  it('classifies every mapped address as the address inside it', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        expect(classifyAddress(`::ffff:${address}`)).toBe(classifyAddress(address));
      }),
    );
  });

  it('lets no IPv6 address outside of 2000::/3 through but mapped and translated ones', () => {
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        if (classifyAddress(address) !== 'public') return;
        expect(address).toMatch(/^[23][0-9a-f]{3}:|^(0{0,4}:)+ffff:|^::ffff:|^64:ff9b:/i);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('canonicalAddress', () => {
  it('gives one spelling per address', () => {
    expect(canonicalAddress('::ffff:7f00:1')).toBe('127.0.0.1');
    expect(canonicalAddress('::FFFF:127.0.0.1')).toBe('127.0.0.1');
    expect(canonicalAddress('2606:4700:0:0::1')).toBe(canonicalAddress('2606:4700::0001'));
    expect(canonicalAddress('2606:4700::1')).not.toBe(canonicalAddress('2606:4700::2'));
  });
});
