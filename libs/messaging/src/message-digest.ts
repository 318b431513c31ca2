import { createHash } from 'node:crypto';

import { messageSignatureHeader, signedDigestsHeader, type TopicDefinition } from '@rollcall/contracts';

/** Characters of a digest: 132 bits, so that nobody finds another message for it. */
const digestLength = 22;

export interface SignableMessage {
  readonly key: string | null;
  readonly value: string | Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Digest of everything that a consumer acts on: where the message lies, its key, its value and its headers, but for those
 * of the signature. What comes before the value is one JSON array, so that no byte can belong to either.
 * @param topic full name of the topic, with the namespace of the installation
 */
export function messageDigest(topic: string, partition: number | null, message: SignableMessage): string {
  const head = JSON.stringify([topic, partition, message.key, coveredHeaders(message.headers)]);
  return createHash('sha256').update(head).update(message.value).digest('base64url').slice(0, digestLength);
}

/** In one order, whatever the order of a library is. There is hardly ever more than one. */
function coveredHeaders(headers: SignableMessage['headers']): [string, string][] {
  const covered: [string, string][] = [];
  for (const name in headers) {
    if (name !== signedDigestsHeader && name !== messageSignatureHeader) covered.push([name, headers[name]!]);
  }
  return covered.length > 1 ? covered.sort(([one], [other]) => (one < other ? -1 : 1)) : covered;
}

/** The partition as far as it is part of what is signed: where the key decides, the number of partitions may grow. */
export function signedPartition({ placed }: TopicDefinition, partition: number | undefined): number | null {
  return placed === 'by-sender' ? (partition ?? null) : null;
}

/** What is signed for messages with these digests. No command begins like this: they are JSON objects. */
export function signedStatement(digests: string): Buffer {
  // eslint-disable-next-line rollcall/no-topic-literal -- because it names what is signed, and is no topic
  return Buffer.from(`rollcall.messages.v1\n${digests}`, 'utf8');
}
