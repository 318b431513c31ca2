import { gunzipSync } from 'node:zlib';

import { expect, it } from '@jest/globals';

import { inProcessVendor } from '../in-process.js';
import type { FaultPlan } from './fault.js';

/** A page of users as it leaves, with a fault or without. */
function page(fault?: FaultPlan['fault']) {
  const vendor = inProcessVendor('jumpcloud', { seed: 'test', company: 'load:3', rateLimit: null }, () => 0);
  if (fault) vendor.control.addFaults([{ vendor: 'jumpcloud', fault }]);
  const { apiKey } = vendor.credentials as { apiKey: string };
  const url = 'https://vendor.test/api/systemusers?limit=2&skip=0&sort=_id';
  const { outcome } = vendor.exchange({ method: 'GET', url, headers: { 'x-api-key': apiKey } });
  if (outcome.kind !== 'send') throw new Error('nothing was sent');
  return outcome;
}
const healthy = page();

it('writes the same text in another encoding', () => {
  const marked = page({
    kind: 'encoding',
    encoding: 'utf8-bom',
    contentType: 'text/html',
    headers: { 'x-odd': 'yes' },
  });
  expect(marked.body.subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
  expect(marked.body.subarray(3)).toEqual(healthy.body);
  expect(marked.reply.headers).toMatchObject({ 'content-type': 'text/html', 'x-odd': 'yes' });
  expect(page({ kind: 'encoding', encoding: 'utf16le' }).body.toString('utf16le')).toBe(healthy.body.toString());
  const broken = page({ kind: 'encoding', encoding: 'invalid' });
  expect(() => new TextDecoder('utf-8', { fatal: true }).decode(broken.body)).toThrow();
});

it('rewrites every match in the body', () => {
  const { body } = page({ kind: 'rewrite', pattern: '"totalCount":\\d+', replacement: '"totalCount":null' });
  expect(JSON.parse(body.toString())).toMatchObject({ totalCount: null });
});

it('inflates the body, as it is or packed', () => {
  const plain = page({ kind: 'inflate', bytes: 100_000 });
  expect(plain.body).toHaveLength(100_000);
  expect(JSON.parse(plain.body.toString())).toEqual(JSON.parse(healthy.body.toString()));
  const packed = page({ kind: 'inflate', bytes: 100_000, packed: true });
  expect(packed.reply.headers['content-encoding']).toBe('gzip');
  expect(gunzipSync(packed.body)).toEqual(plain.body);
});
