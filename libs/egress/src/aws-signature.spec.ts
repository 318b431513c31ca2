import { createHash, createHmac } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';
import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';

import { awsSignature, type AwsSigning } from './aws-signature.js';

/** SHA-256 as the signer of AWS wants it. */
class Sha256 {
  private readonly hash;
  constructor(key?: string | Uint8Array) {
    this.hash = key === undefined ? createHash('sha256') : createHmac('sha256', key as string);
  }
  update(data: string | Uint8Array): void {
    this.hash.update(data);
  }
  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.hash.digest());
  }
  reset(): void {
    throw new Error('not used');
  }
}

const signing: AwsSigning = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  sessionToken: '',
  region: 'us-east-1',
  service: 'service',
};
const at = new Date('2015-08-30T12:36:00.000Z');

/** What the library of AWS makes of the same request. */
async function signedByAws(url: URL, method: string, body: string, with_: AwsSigning): Promise<string> {
  const signer = new SignatureV4({
    service: with_.service,
    region: with_.region,
    credentials: {
      accessKeyId: with_.accessKeyId,
      secretAccessKey: with_.secretAccessKey,
      ...(with_.sessionToken === '' ? {} : { sessionToken: with_.sessionToken }),
    },
    sha256: Sha256 as never,
    uriEscapePath: with_.service !== 's3',
  });
  const query: Record<string, string[]> = {};
  for (const [name, value] of url.searchParams) (query[name] ??= []).push(value);
  const signed = (await signer.sign(
    {
      method,
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      query,
      headers: { host: url.host, 'content-type': 'application/json' },
      body,
    } as never,
    { signingDate: at },
  )) as unknown as { readonly headers: Record<string, string> };
  return signed.headers['authorization']!;
}

const letters = fc.string({ unit: fc.constantFrom(..."abcXYZ019-_.~ /+&=%*()'!éß"), minLength: 1, maxLength: 12 });
const segment = fc.string({ unit: fc.constantFrom(..."abcXYZ019-_~ +&=*()'!éß"), minLength: 1, maxLength: 12 });

describe('a signature of AWS, version 4', () => {
  it('is the one that the library of AWS makes, for every path, query and body', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(segment, { maxLength: 4 }),
        fc.uniqueArray(fc.tuple(letters, letters), { maxLength: 5, selector: ([name]) => name }),
        fc.constantFrom('GET', 'POST', 'DELETE'),
        fc.string({ unit: 'grapheme' }),
        fc.constantFrom('execute-api', 's3'),
        fc.constantFrom('', 'example/session+token='),
        async (path, query, method, body, service, sessionToken) => {
          const url = new URL(`https://api.example.com/${path.map(encodeURIComponent).join('/')}`);
          for (const [name, value] of query) url.searchParams.append(name, value);
          const sent = method === 'GET' ? '' : body;
          const with_ = { ...signing, service, sessionToken };
          const headers = { 'content-type': 'application/json', 'user-agent': 'rollcall' };
          const own = awsSignature({ method, url, headers, body: sent, at }, with_);
          expect(own['authorization']).toBe(await signedByAws(url, method, sent, with_));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('covers the body and the time, which travel beside it', () => {
    const url = new URL('https://api.example.com/users');
    const one = awsSignature({ method: 'POST', url, headers: {}, body: '{"a":1}', at }, signing);
    const other = awsSignature({ method: 'POST', url, headers: {}, body: '{"a":2}', at }, signing);
    expect(one['authorization']).not.toBe(other['authorization']);
    expect(one).toMatchObject({
      'x-amz-date': '20150830T123600Z',
      'x-amz-content-sha256': createHash('sha256').update('{"a":1}').digest('hex'),
    });
    expect(JSON.stringify(one)).not.toContain(signing.secretAccessKey);
  });
});
