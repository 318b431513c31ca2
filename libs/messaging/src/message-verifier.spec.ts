import { generateKeyPairSync, sign, verify } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';
import { peopleTopic, rawRecordsTopic, runsTopic, type ServiceName } from '@rollcall/contracts';
import fc from 'fast-check';

import type { ConsumedMessage } from './batch-handler.js';
import { messageDigest } from './message-digest.js';
import { MessageSigner } from './message-signer.js';
import { MessageVerifier } from './message-verifier.js';
import type { OutgoingMessage } from './outgoing-message.js';
import type { ServiceSigning } from './service-signing.js';

const keys = new Map(
  (['sync-runner', 'mapping'] as const).map((name) => [name as ServiceName, generateKeyPairSync('ed25519')]),
);
let verifications = 0;
const signingOf = (service: ServiceName): ServiceSigning => ({
  service,
  sign: (bytes) => sign(null, bytes, keys.get(service)!.privateKey).toString('base64url'),
  verify: (name, bytes, signature) => {
    verifications += 1;
    return verify(null, bytes, keys.get(name as ServiceName)!.publicKey, Buffer.from(signature, 'base64url'));
  },
  knows: () => true,
  digest: (...parts) => parts.join('/'),
});
const signer = new MessageSigner(signingOf('sync-runner'), (name) => name);
const verifierOf = (topic = rawRecordsTopic) => new MessageVerifier(topic, topic.name, signingOf('mapping'));
const toConsumed = ({ key, value, headers = {} }: OutgoingMessage, offset = 0): ConsumedMessage => ({
  offset,
  key,
  value: Buffer.from(value),
  headers,
});

const part = fc.record({
  topic: fc.string(),
  partition: fc.option(fc.nat()),
  key: fc.option(fc.string({ unit: 'grapheme' })),
  value: fc.string({ unit: 'grapheme' }),
  headers: fc.dictionary(fc.constantFrom('t', 'content-type', 'a', 'b'), fc.string({ unit: 'grapheme' })),
});
type Part = typeof part extends fc.Arbitrary<infer Value> ? Value : never;
const digestOf = ({ topic, partition, ...message }: Part) => messageDigest(topic, partition, message);

describe('the digest of a message', () => {
  it('differs whenever anything differs that a consumer acts on', () => {
    fc.assert(
      fc.property(part, part, (one, other) => {
        const isSame = JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
        expect(digestOf(one) === digestOf(other)).toBe(isSame);
      }),
      { numRuns: 2_000 },
    );
  });

  it('cannot be moved by shifting bytes between what comes before the value and the value', () => {
    fc.assert(
      fc.property(part, fc.nat({ max: 5 }), (one, cut) => {
        const shifted = { ...one, key: `${one.key ?? ''}${one.value.slice(0, cut)}`, value: one.value.slice(cut) };
        if (shifted.value !== one.value) expect(digestOf(shifted)).not.toBe(digestOf(one));
      }),
    );
  });

  it('is the same whatever the order of the headers is', () => {
    const message = { key: 'k', value: 'v' };
    const one = messageDigest('t', 1, { ...message, headers: { a: '1', b: '2' } });
    expect(messageDigest('t', 1, { ...message, headers: { b: '2', a: '1' } })).toBe(one);
  });
});

function sorted({ headers, ...rest }: Part) {
  return { ...rest, headers: Object.entries(headers).sort() };
}

describe('signing and verifying', () => {
  const page = (count: number): OutgoingMessage[] =>
    Array.from({ length: count }, (_, index) => ({
      topic: rawRecordsTopic,
      key: 'acme',
      partition: 3,
      value: `message ${index}`,
      headers: { t: '1' },
    }));

  it('verifies one signature for a page, also when another page lies between', () => {
    const verifier = verifierOf();
    const signed = signer.sign(page(20)).map(toConsumed);
    verifications = 0;
    expect(signed.map((message) => verifier.refusalOf(3, message))).toEqual(signed.map(() => null));
    expect(verifications).toBe(1);
    const [control] = signer.sign([{ ...page(1)[0]!, value: 'END' }]).map((message) => toConsumed(message));
    for (const message of [control!, signed[0]!]) expect(verifier.refusalOf(3, message)).toBeNull();
    expect(verifications).toBe(3);
  });

  it('forgets nothing good for a bad message in between', () => {
    const verifier = verifierOf();
    const [first, second] = signer.sign(page(2)).map(toConsumed);
    expect(verifier.refusalOf(3, first!)).toBeNull();
    verifications = 0;
    const forged = { ...first!, headers: { ...first!.headers, signature: 'forged' } };
    expect(verifier.refusalOf(3, forged)?.reason).toContain('is not that of sync-runner');
    expect(verifier.refusalOf(3, second!)).toBeNull();
    expect(verifications).toBe(1);
  });

  it('does not take the good list of another partition for that of this one', () => {
    const verifier = verifierOf();
    const [message] = signer.sign(page(1)).map((one) => toConsumed(one));
    expect(verifier.refusalOf(3, message!)).toBeNull();
    expect(verifier.refusalOf(4, message!)?.reason).toContain('is not one that was signed');
  });

  it('leaves topics alone that nobody signs, and refuses to write where another service may', () => {
    const event = { topic: peopleTopic, key: 'k', value: 'v' };
    expect(signer.sign([event])).toEqual([event]);
    expect(() => new MessageSigner(signingOf('mapping'), (name) => name).sign(page(1))).toThrow('only sync-runner may');
    expect(() => new MessageSigner(null, (name) => name).sign(page(1))).toThrow('somebody without a key');
  });

  it('gives messages that their key places a signature each, in any company', () => {
    const event = { topic: runsTopic, key: 'k', value: 'v' };
    const [alone] = signer.sign([event]);
    const together = signer.sign([{ ...event, value: 'other' }, event, ...page(1)]);
    expect(together[1]).toEqual(alone);
  });
});
