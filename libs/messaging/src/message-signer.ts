import { messageSignatureHeader, signedDigestsHeader } from '@rollcall/contracts';

import { messageDigest, signedPartition, signedStatement } from './message-digest.js';
import type { OutgoingMessage } from './outgoing-message.js';
import type { ServiceSigning } from './service-signing.js';

/** Most messages under one signature. Each carries the digests of all, so the bytes grow with the square. */
const mostTogether = 32;

/** Signs what leaves for a topic whose owner vouches for every message. */
export class MessageSigner {
  constructor(
    private readonly signing: ServiceSigning | null,
    private readonly nameOf: (topic: string) => string,
  ) {}

  /**
   * The same messages in the same order, with the headers of their signatures. Neighbours that their sender puts into one
   * partition share a signature; all others have one each, so that a message said again is the same to the last byte.
   */
  sign(messages: readonly OutgoingMessage[]): readonly OutgoingMessage[] {
    if (messages.every(({ topic }) => topic.signed !== 'owner')) return messages;
    const signed: OutgoingMessage[] = [];
    let first = 0;
    while (first < messages.length) {
      const end = this.endOfGroup(messages, first);
      const group = messages.slice(first, end);
      signed.push(...(group[0]!.topic.signed === 'owner' ? this.signTogether(group) : group));
      first = end;
    }
    return signed;
  }

  private endOfGroup(messages: readonly OutgoingMessage[], first: number): number {
    const head = messages[first]!;
    let end = first + 1;
    if (head.topic.placed === 'by-key') return end;
    const isNeighbour = ({ topic, partition }: OutgoingMessage) => topic === head.topic && partition === head.partition;
    while (end < messages.length && end - first < mostTogether && isNeighbour(messages[end]!)) end += 1;
    return end;
  }

  private signTogether(group: readonly OutgoingMessage[]): OutgoingMessage[] {
    const { topic } = group[0]!;
    if (this.signing?.service !== topic.owner) {
      throw new Error(
        `${this.signing?.service ?? 'somebody without a key'} may not write to ${topic.name}: only ${topic.owner} may`,
      );
    }
    const name = this.nameOf(topic.name);
    const digests = group
      .map(({ key, value, headers = {}, partition }) =>
        messageDigest(name, signedPartition(topic, partition), { key, value, headers }),
      )
      .join('.');
    const signature = this.signing.sign(signedStatement(digests));
    return group.map((message) => ({
      ...message,
      headers: { ...message.headers, [signedDigestsHeader]: digests, [messageSignatureHeader]: signature },
    }));
  }
}
